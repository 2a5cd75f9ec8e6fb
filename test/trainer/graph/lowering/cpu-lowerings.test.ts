import { describe, expect, it } from 'vitest';
import {
  conv,
  convTranspose,
  logSoftmax,
  prelu,
  softmax,
  type ConvTransposeOptions,
  type ConvolutionOptions,
} from '../../../../trainer/graph/ops/index.ts';
import { findBlockSize } from '../../../../trainer/lower-for-device.ts';
import { imageCases } from '../../autodiff/cases/images.ts';
import { compareLowered } from './compare-lowered.ts';

describe('every gradient case of images is the same when lowered', () => {
  for (const { opType, title, inputs, build } of imageCases)
    it(`${opType}: ${title}`, () =>
      compareLowered(
        inputs.map(({ shape }) => shape),
        build,
      ));
});

describe('transposed convolutions', () => {
  it.each<[string, readonly number[], readonly number[], ConvTransposeOptions]>([
    ['MONAI, few channels', [2, 4, 3, 2, 4], [4, 3, 3, 3, 3], { strides: 2, pads: 1, outputPadding: 1 }],
    ['MONAI, many channels', [2, 70, 3, 2, 4], [70, 3, 3, 3, 3], { strides: 2, pads: 1, outputPadding: 1 }],
    ['odd result, many channels', [1, 70, 3, 2, 4], [70, 2, 3, 3, 3], { strides: 2, pads: 1 }],
    ['odd result, few channels', [1, 3, 3, 2, 4], [3, 2, 3, 3, 3], { strides: 2, pads: 1 }],
    ['kernel 5', [1, 3, 4, 3, 4], [3, 2, 5, 5, 5], { strides: 2, pads: 2, outputPadding: 1 }],
    ['kernel 5, many channels', [1, 70, 4, 3], [70, 2, 5, 5], { strides: 2, pads: 2, outputPadding: 1 }],
    ['kernel smaller than stride', [1, 3, 3, 4], [3, 2, 2, 1], { strides: 3, outputPadding: 1 }],
    ['kernel smaller than stride, many channels', [1, 90, 3, 4], [90, 2, 2, 1], { strides: 3 }],
    [
      'strides 1, 2, 2',
      [2, 4, 3, 2, 4],
      [4, 3, 3, 3, 3],
      { strides: [1, 2, 2], pads: 1, outputPadding: [0, 1, 1] },
    ],
    ['2-D', [2, 4, 3, 5], [4, 3, 3, 3], { strides: 2, pads: 1, outputPadding: 1 }],
    ['1-D', [2, 4, 5], [4, 3, 3], { strides: 2, pads: 1, outputPadding: 1 }],
    ['stride 1', [2, 4, 3, 5], [4, 3, 3, 3], { pads: 1 }],
    ['dilation', [2, 4, 3, 5], [4, 3, 3, 3], { strides: 2, pads: 1, dilations: 2 }],
  ])('%s', async (_, x, w, options) => {
    const build = convTranspose;
    const { built, lowered } = await compareLowered([x, w, [w[1]]], (image, kernel, bias) =>
      build(image, kernel, bias, options),
    );
    expect(built).toContain('ConvTranspose');
    expect(lowered).not.toContain('ConvTranspose');
  });

  it('are left as they are with groups', async () => {
    const { lowered } = await compareLowered(
      [
        [1, 4, 3, 3],
        [4, 2, 3, 3],
      ],
      (x, w) => convTranspose(x, w, undefined, { strides: 2, group: 2 }),
    );
    expect(lowered).toContain('ConvTranspose');
  });
});

describe('gradients of kernels', () => {
  it.each<[string, readonly number[], readonly number[], ConvolutionOptions, number]>([
    ['few channels: a product per turn', [2, 3, 3, 16, 18], [4, 3, 3, 3, 3], { pads: 1 }, 3],
    [
      'one channel, stride 2: a product per turn',
      [2, 1, 4, 16, 18],
      [4, 1, 3, 3, 3],
      { pads: 1, strides: 2 },
      3,
    ],
    ['many filters, few channels: a product per turn', [1, 2, 3, 16, 18], [20, 2, 3, 3, 3], { pads: 1 }, 3],
    ['many channels, few filters: a product per turn', [1, 20, 3, 16, 18], [2, 20, 3, 3, 3], { pads: 1 }, 3],
    ['many channels: a product per turn', [2, 18, 3, 16, 18], [17, 18, 3, 3, 3], { pads: 1 }, 3],
    ['stride 2: a product per position', [2, 18, 4, 16, 18], [17, 18, 3, 3, 3], { pads: 1, strides: 2 }, 27],
    ['stride 2, odd sizes', [2, 9, 5, 19, 21], [9, 9, 3, 3, 3], { pads: 1, strides: 2 }, 27],
    ['stride 3, image longer than what is seen', [1, 9, 18, 27], [9, 9, 2, 2], { strides: 3 }, 4],
    ['kernel 5', [2, 3, 32, 34], [4, 3, 5, 5], { pads: 2 }, 5],
    ['dilation', [2, 3, 32, 34], [4, 3, 3, 3], { pads: 2, dilations: 2 }, 3],
    ['kernel 1', [2, 18, 3, 16, 18], [17, 18, 1, 1, 1], {}, 1],
    ['1-D', [2, 3, 16], [4, 3, 3], { pads: 1 }, 1],
    [
      'uneven strides that share the last two',
      [1, 9, 4, 16, 18],
      [9, 9, 3, 3, 3],
      { pads: 1, strides: [1, 2, 2] },
      27,
    ],
  ])('%s', async (_, x, w, options, products) => {
    const { built, batchProducts } = await compareLowered([x, w], (image, kernel) =>
      conv(image, kernel, undefined, options),
    );
    expect(built).toContain('ConvWeightGradient');
    expect(batchProducts).toBe(products);
  });

  it.each<[string, readonly number[], readonly number[], ConvolutionOptions]>([
    ['small images', [2, 3, 4, 4, 4], [4, 3, 3, 3, 3], { pads: 1 }],
    ['strides that differ on the last two axes', [2, 3, 16, 32], [4, 3, 3, 3], { pads: 1, strides: [2, 1] }],
    ['groups', [2, 4, 16, 18], [4, 2, 3, 3], { pads: 1, group: 2 }],
  ])('%s: a product per position', async (_, x, w, options) => {
    const { batchProducts } = await compareLowered([x, w], (image, kernel) =>
      conv(image, kernel, undefined, options),
    );
    expect(batchProducts).toBe(w.slice(2).reduce((product, size) => product * size));
  });
});

describe('activations', () => {
  it.each([[[1]], [[3, 1, 1]]])('PReLU with slopes %j', async (slopes) => {
    const { lowered } = await compareLowered([[2, 3, 4, 5], slopes], prelu);
    expect(lowered).not.toContain('PRelu');
  });

  it.each([
    ['Softmax', softmax],
    ['LogSoftmax', logSoftmax],
  ] as const)('%s along the channels, and along the last axis as it is', async (opType, operator) => {
    const across = await compareLowered([[2, 3, 4, 5]], (x) => operator(x, 1));
    expect(across.lowered).not.toContain(opType);
    const last = await compareLowered([[2, 3, 4, 5]], (x) => operator(x, 3));
    expect(last.lowered).toContain(opType);
  });
});

const size = await findBlockSize();

describe('convolutions without stride', () => {
  const block = size ?? 8;
  const count = (operators: readonly string[]): number =>
    operators.filter((operator) => operator === 'ReorderInput').length;

  it.skipIf(size === undefined).each<[string, readonly number[], readonly number[], ConvolutionOptions]>([
    ['3x3x3', [2, block, 3, 10, 6], [2 * block, block, 3, 3, 3], { pads: 1 }],
    ['5x3x3', [1, block, 4, 10, 6], [block, block, 5, 3, 3], { pads: [2, 1, 1] }],
    ['3x3x5', [1, block, 4, 10, 6], [block, block, 3, 3, 5], { pads: [1, 1, 2] }],
    ['dilated', [1, block, 4, 20, 7], [block, block, 3, 3, 3], { pads: [2, 2, 2], dilations: 2 }],
    ['without padding along depth', [1, block, 4, 10, 6], [block, block, 3, 3, 3], { pads: [0, 1, 1] }],
    ['2-D', [2, block, 10, 6], [2 * block, block, 3, 3], { pads: 1 }],
    ['rows without padding', [1, block, 3, 10, 6], [block, block, 3, 1, 3], { pads: [1, 0, 1] }],
    ['uneven padding', [1, block, 3, 10, 6], [block, block, 2, 2, 2], { pads: [0, 0, 0, 1, 1, 1] }],
    ['uneven padding before', [1, block, 3, 10, 6], [block, block, 2, 2, 2], { pads: [1, 1, 1, 0, 0, 0] }],
    ['one voxel wide', [1, block, 4, 10, 1], [block, block, 3, 3, 1], { pads: [1, 1, 0] }],
  ])('%s: by blocks of channels', async (_, x, w, options) => {
    const { lowered } = await compareLowered([x, w, [w[0]]], (image, kernel, bias) =>
      conv(image, kernel, bias, options),
    );
    expect(count(lowered)).toBeGreaterThan(0);
  });

  it.each<[string, readonly number[], readonly number[], ConvolutionOptions]>([
    ['few channels', [1, 3, 3, 10, 6], [block, 3, 3, 3, 3], { pads: 1 }],
    ['few filters', [1, block, 3, 10, 6], [3, block, 3, 3, 3], { pads: 1 }],
    ['small planes', [1, block, 3, 4, 4], [block, block, 3, 3, 3], { pads: 1 }],
    ['rows that shrink', [1, block, 3, 10, 6], [block, block, 3, 3, 3], { pads: [1, 1, 0] }],
    ['groups', [1, 2 * block, 10, 6], [2 * block, block, 3, 3], { pads: 1, group: 2 }],
    ['1-D', [1, block, 10], [block, block, 3], { pads: 1 }],
  ])('%s: as they are built', async (_, x, w, options) => {
    const { lowered } = await compareLowered([x, w], (image, kernel) =>
      conv(image, kernel, undefined, options),
    );
    expect(count(lowered)).toBe(0);
  });
});

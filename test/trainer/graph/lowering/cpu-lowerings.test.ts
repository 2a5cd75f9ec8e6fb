import { describe, expect, it } from 'vitest';
import { CPU_LOWERINGS } from '../../../../trainer/graph/lowering/cpu/index.ts';
import {
  conv,
  convTranspose,
  logSoftmax,
  prelu,
  softmax,
  type ConvTransposeOptions,
} from '../../../../trainer/graph/ops/index.ts';
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

describe('the list of lowerings', () => {
  it('has one rule per operation', () => {
    const opTypes = CPU_LOWERINGS.map(({ opType }) => opType);
    expect(new Set(opTypes).size).toBe(opTypes.length);
  });

  it('keeps convolutions without stride', async () => {
    const { lowered } = await compareLowered(
      [
        [1, 2, 4, 4],
        [2, 2, 3, 3],
      ],
      (x, w) => conv(x, w, undefined, { pads: 1 }),
    );
    expect(lowered).toContain('Conv');
  });
});

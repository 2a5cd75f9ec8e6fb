import { describe, expect, it } from 'vitest';
import { Graph } from '../../../trainer/graph/graph.ts';
import { conv, convTranspose, type ConvTransposeOptions } from '../../../trainer/graph/ops/index.ts';
import { sizeOf } from '../../../trainer/graph/shape.ts';
import type { Value } from '../../../trainer/graph/value.ts';
import { convByLoops, convTransposeByLoops, type Dense } from './convolution-reference.ts';
import { evaluate } from './run-graph.ts';

const drawn = (shape: readonly number[], seed: number): Dense => ({
  shape,
  data: Float64Array.from({ length: sizeOf(shape) }, (_, at) => Math.fround(Math.sin(at * 1.3 + seed))),
});
const constant = (graph: Graph, { shape, data }: Dense): Value =>
  graph.constant(Float32Array.from(data), shape);
const perAxis = (
  setting: number | readonly number[] | undefined,
  rank: number,
  otherwise: number,
): number[] =>
  Array.isArray(setting)
    ? setting.slice(0, rank)
    : Array.from({ length: rank }, () => Number(setting ?? otherwise));

async function expectAgreement(
  operator: typeof conv | typeof convTranspose,
  reference: typeof convByLoops,
  [xShape, wShape]: readonly (readonly number[])[],
  options: ConvTransposeOptions,
  expectedSize: readonly number[],
): Promise<void> {
  const graph = new Graph();
  const [x, w] = [drawn(xShape, 1), drawn(wShape, 2)];
  const y = operator(constant(graph, x), constant(graph, w), undefined, options);
  expect(y.shape.slice(2)).toEqual(expectedSize);
  const rank = expectedSize.length;
  const expected = reference(x, w, expectedSize, {
    strides: perAxis(options.strides, rank, 1),
    padsBefore: perAxis(options.pads, rank, 0),
    dilations: perAxis(options.dilations, rank, 1),
    group: options.group ?? 1,
  });
  const numbers = await evaluate(y);
  expect(Math.max(...numbers.map((number, at) => Math.abs(number - expected.data[at])))).toBeLessThan(1e-5);
}

describe('conv agrees with its definition', () => {
  it.each<[string, readonly (readonly number[])[], ConvTransposeOptions, readonly number[]]>([
    [
      '3-D, padded',
      [
        [2, 2, 4, 3, 5],
        [3, 2, 3, 3, 3],
      ],
      { pads: 1 },
      [4, 3, 5],
    ],
    [
      '3-D, stride 2',
      [
        [1, 2, 5, 4, 6],
        [2, 2, 3, 3, 3],
      ],
      { pads: 1, strides: 2 },
      [3, 2, 3],
    ],
    [
      '2-D, uneven',
      [
        [1, 2, 6, 7],
        [3, 2, 3, 2],
      ],
      { pads: [1, 0, 2, 1], dilations: [2, 3], strides: [1, 2] },
      [5, 3],
    ],
    [
      '2-D, groups',
      [
        [2, 4, 5, 4],
        [6, 2, 3, 3],
      ],
      { pads: 1, group: 2 },
      [5, 4],
    ],
    [
      '1-D',
      [
        [2, 2, 7],
        [3, 2, 3],
      ],
      {},
      [5],
    ],
  ])('%s', (_, shapes, options, size) => expectAgreement(conv, convByLoops, shapes, options, size));
});

describe('convTranspose agrees with its definition', () => {
  it.each<[string, readonly (readonly number[])[], ConvTransposeOptions, readonly number[]]>([
    [
      '3-D, as MONAI up-samples',
      [
        [1, 3, 2, 3, 2],
        [3, 2, 3, 3, 3],
      ],
      { strides: 2, pads: 1, outputPadding: 1 },
      [4, 6, 4],
    ],
    [
      '3-D, stride 1',
      [
        [2, 3, 3, 2, 4],
        [3, 2, 3, 3, 3],
      ],
      { pads: 1 },
      [3, 2, 4],
    ],
    [
      '2-D, uneven groups',
      [
        [2, 4, 3, 4],
        [4, 2, 3, 2],
      ],
      { strides: [2, 3], pads: [1, 0, 0, 1], dilations: [1, 2], group: 2, outputPadding: [1, 2] },
      [7, 13],
    ],
  ])('%s', (_, shapes, options, size) =>
    expectAgreement(convTranspose, convTransposeByLoops, shapes, options, size),
  );
});

it('adds one bias per filter', async () => {
  const graph = new Graph();
  const ones = (shape: readonly number[]): Value =>
    graph.constant(new Float32Array(sizeOf(shape)).fill(1), shape);
  const bias = graph.constant(Float32Array.of(10, 20), [2]);
  expect(await evaluate(conv(ones([1, 3, 2]), ones([2, 3, 2]), bias))).toEqual([16, 26]);
});

describe('convolutions refuse', () => {
  const image = [1, 4, 5, 5];
  it.each<[string, readonly (readonly number[])[], ConvTransposeOptions, string]>([
    ['a kernel of another rank', [image, [2, 4, 3]], {}, 'Conv: image and kernel must be'],
    [
      'channels that do not fit',
      [image, [2, 3, 3, 3]],
      {},
      'Conv: channels do not fit the kernel with group 1',
    ],
    [
      'filters that do not split',
      [image, [3, 2, 3, 3]],
      { group: 2 },
      'Conv: channels do not fit the kernel with group 2',
    ],
    ['a bias of another size', [image, [2, 4, 3, 3], [3]], {}, 'Conv: the bias must have the shape [2]'],
    [
      'a kernel larger than the image',
      [image, [2, 4, 7, 3]],
      {},
      'Conv: the kernel is larger than the padded image',
    ],
    [
      'a stride of 0',
      [image, [2, 4, 3, 3]],
      { strides: 0 },
      'Conv: strides must be 2 whole numbers of at least 1',
    ],
    [
      'too many strides',
      [image, [2, 4, 3, 3]],
      { strides: [1, 1, 1] },
      'Conv: strides must be 2 whole numbers',
    ],
    [
      'negative pads',
      [image, [2, 4, 3, 3]],
      { pads: -1 },
      'Conv: pads must be 2 whole numbers of at least 0',
    ],
    ['half a dilation', [image, [2, 4, 3, 3]], { dilations: 0.5 }, 'Conv: dilations must be 2 whole numbers'],
  ])('%s', (_, shapes, options, message) => {
    const graph = new Graph();
    const [x, w, b] = shapes.map((shape, index) => graph.input(`x${index}`, shape));
    expect(() => conv(x, w, b, options)).toThrow(message);
    expect(() => conv(x, w, b, options)).toThrow('float32[1, 4, 5, 5]');
  });

  it.each<[string, readonly (readonly number[])[], ConvTransposeOptions, string]>([
    ['channels that do not fit', [image, [3, 2, 3, 3]], {}, 'ConvTranspose: channels do not fit the kernel'],
    [
      'a bias of another size',
      [image, [4, 2, 3, 3], [4]],
      {},
      'ConvTranspose: the bias must have the shape [2]',
    ],
    [
      'outputPadding as large as the stride',
      [image, [4, 2, 3, 3]],
      { strides: 2, outputPadding: 2 },
      'ConvTranspose: outputPadding [2,2] must be smaller than stride or dilation',
    ],
    [
      'pads that leave nothing',
      [image, [4, 2, 3, 3]],
      { pads: 4 },
      'ConvTranspose: the padding eats the whole output',
    ],
  ])('transposed: %s', (_, shapes, options, message) => {
    const graph = new Graph();
    const [x, w, b] = shapes.map((shape, index) => graph.input(`x${index}`, shape));
    expect(() => convTranspose(x, w, b, options)).toThrow(message);
  });
});

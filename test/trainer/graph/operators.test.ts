import { describe, expect, it } from 'vitest';
import { Graph } from '../../../trainer/graph/graph.ts';
import * as ops from '../../../trainer/graph/ops/index.ts';
import type { Value } from '../../../trainer/graph/value.ts';
import { evaluate } from './run-graph.ts';

type Build = (...inputs: Value[]) => Value;
interface Input {
  readonly shape: readonly number[];
  readonly numbers: readonly number[];
}

const of = (...numbers: number[]): Input => ({ shape: [numbers.length], numbers });
const grid = (rows: number, columns: number, ...numbers: number[]): Input => ({
  shape: [rows, columns],
  numbers,
});
const counting = (...shape: number[]): Input => ({
  shape,
  numbers: Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, at) => at),
});

/** Two decimals more than any expectation below is written with. */
const round = (numbers: readonly number[]): number[] =>
  numbers.map((number) => Number(number.toFixed(5)) + 0);

async function results(inputs: readonly Input[], build: Build): Promise<number[]> {
  const graph = new Graph();
  const values = inputs.map(({ shape, numbers }) => graph.constant(Float32Array.from(numbers), shape));
  return round(await evaluate(ops.identity(build(...values))));
}

describe('operators compute', () => {
  it.each<[string, readonly Input[], Build, readonly number[]]>([
    ['add, stretched', [grid(2, 1, 1, 2), of(10, 20, 30)], ops.add, [11, 21, 31, 12, 22, 32]],
    ['subtract from a number', [of(1, 2)], (x) => ops.subtract(1, x), [0, -1]],
    ['divide', [of(1, 9), of(4, 3)], ops.divide, [0.25, 3]],
    ['power', [of(2, 3)], (x) => ops.power(x, 3), [8, 27]],
    ['maximum and minimum', [of(-1, 1, 5)], (x) => ops.maximum(ops.minimum(x, 3), 0), [0, 1, 3]],
    [
      'negate, absolute, sign',
      [of(-2, 3)],
      (x) => ops.concat([ops.negate(x), ops.absolute(x), ops.sign(x)], 0),
      [2, -3, 2, 3, -1, 1],
    ],
    [
      'exp and log',
      [of(0, 1)],
      (x) => ops.concat([ops.exp(x), ops.log(ops.add(x, 1))], 0),
      [1, 2.71828, 0, 0.69315],
    ],
    ['sqrt and reciprocal', [of(4, 16)], (x) => ops.reciprocal(ops.sqrt(x)), [0.5, 0.25]],
    ['relu', [of(-2, 3)], ops.relu, [0, 3]],
    ['leakyRelu', [of(-2, 3)], (x) => ops.leakyRelu(x), [-0.02, 3]],
    ['elu', [of(-1, 3)], (x) => ops.elu(x, 2), [-1.26424, 3]],
    ['prelu', [grid(2, 2, -1, 2, -3, 4), grid(2, 1, 0.5, 0.25)], ops.prelu, [-0.5, 2, -0.75, 4]],
    ['sigmoid', [of(0, 2)], ops.sigmoid, [0.5, 0.8808]],
    ['softplus, safe for large numbers', [of(0, 100)], ops.softplus, [0.69315, 100]],
    ['tanh', [of(0, 1)], ops.tanh, [0, 0.76159]],
    ['clip', [of(-2, 0.5, 2)], (x) => ops.clip(x, -1, 1), [-1, 0.5, 1]],
    ['matMul', [grid(2, 2, 1, 2, 3, 4), grid(2, 1, 5, 6)], ops.matMul, [17, 39]],
    ['softmax', [grid(2, 2, 0, 0, 0, 1)], (x) => ops.softmax(x, 1), [0.5, 0.5, 0.26894, 0.73106]],
    ['logSoftmax, safe for large numbers', [grid(2, 1, 0, 1000)], (x) => ops.logSoftmax(x, 0), [-1000, 0]],
    ['reduceSum of all', [counting(2, 3)], (x) => ops.reduceSum(x), [15]],
    ['reduceMean of an axis', [counting(2, 3)], (x) => ops.reduceMean(x, [0]), [1.5, 2.5, 3.5]],
    [
      'reduceMax and reduceMin',
      [counting(2, 3)],
      (x) => ops.concat([ops.reduceMax(x, [1]), ops.reduceMin(x, [1])], 0),
      [2, 5, 0, 3],
    ],
    [
      'argMax, the first of equal ones',
      [grid(2, 3, 1, 5, 5, 9, 0, 0)],
      (x) => ops.cast(ops.argMax(x, 1), 'float32'),
      [1, 0],
    ],
    ['transpose', [counting(2, 3)], (x) => ops.transpose(x, [1, 0]), [0, 3, 1, 4, 2, 5]],
    [
      'slice with a step, from behind',
      [counting(7)],
      (x) => ops.slice(x, { starts: [-6], ends: [-1], steps: [2] }),
      [1, 3, 5],
    ],
    ['reverse', [counting(2, 3)], (x) => ops.reverse(x, [-1]), [2, 1, 0, 5, 4, 3]],
    ['pad', [counting(2)], (x) => ops.pad(x, { before: [1], after: [2], value: 7 }), [7, 0, 1, 7, 7]],
    ['expand', [grid(2, 1, 1, 2)], (x) => ops.expand(x, [2, 2]), [1, 1, 2, 2]],
    ['comparisons', [of(1, 2, 3)], (x) => compared(x), [0, 1, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0]],
    ['logic', [of(1, 2, 3)], (x) => logic(x), [0, 1, 1, 0, 1, 0, 1, 1, 1]],
    ['where', [of(-1, 2)], (x) => ops.where(ops.greater(x, 0), x, 9), [9, 2]],
    ['cast cuts off', [of(-1.7, 2.9)], (x) => ops.cast(ops.cast(x, 'int32'), 'float32'), [-1, 2]],
    ['oneHot', [grid(1, 3, 2, 0, 5)], (x) => ops.oneHot(x, 3, 0), [0, 1, 0, 0, 0, 0, 1, 0, 0]],
    ['maxPool, the rest dropped', [counting(1, 1, 3, 5)], (x) => ops.maxPool(x, { kernel: 2 }), [6, 8]],
    ['maxPool, overlapping', [counting(1, 1, 4)], (x) => ops.maxPool(x, { kernel: 3, strides: 1 }), [2, 3]],
    ['resizeTrilinear2x', [counting(1, 1, 3)], ops.resizeTrilinear2x, [0, 0.25, 0.75, 1.25, 1.75, 2]],
    [
      'dropout',
      [counting(1, 2, 2)],
      (x) => ops.dropoutWithMask(x, x.graph.constant(Uint8Array.of(0, 1), [1, 2, 1]), 0.75),
      [0, 0, 8, 12],
    ],
    [
      'instanceNormalization',
      [counting(1, 2, 2)],
      (x) => ops.instanceNormalization(x, {}, 0),
      [-1, 1, -1, 1],
    ],
    [
      'groupNormalization of one group',
      [counting(1, 2, 2)],
      (x) => ops.groupNormalization(x, 1, {}, 0),
      [-1.34164, -0.44721, 0.44721, 1.34164],
    ],
    [
      'batchNormalization',
      [counting(2, 1, 2)],
      (x) => batchStatistics(x),
      [-1.34164, -0.44721, 0.44721, 1.34164, 1.5, 1.25],
    ],
  ])('%s', async (_, inputs, build, expected) => {
    expect(await results(inputs, build)).toEqual(expected);
  });

  const joined = (values: readonly Value[]): Value =>
    ops.concat(
      values.map((value) => ops.cast(value, 'float32')),
      0,
    );
  const compared = (x: Value): Value =>
    joined([
      ops.equal(x, 2),
      ops.greater(x, 2),
      ops.greaterOrEqual(x, 2),
      ops.less(x, 2),
      ops.lessOrEqual(x, 2),
    ]);
  const logic = (x: Value): Value => {
    const [low, high] = [ops.lessOrEqual(x, 1), ops.greaterOrEqual(x, 3)];
    const neither = ops.logicalNot(ops.logicalOr(low, high));
    return joined([
      ops.logicalNot(low),
      ops.logicalAnd(neither, ops.logicalNot(high)),
      ops.logicalOr(ops.logicalOr(low, neither), high),
    ]);
  };
  const batchStatistics = (x: Value): Value => {
    const { y, mean, variance } = ops.batchNormalization(x, {}, 0);
    return ops.concat([ops.reshape(y, [-1]), mean, variance], 0);
  };

  it('gathers and scatters, with an index taken twice', async () => {
    const graph = new Graph();
    const x = graph.constant(Float32Array.of(10, 20, 30, 40, 50, 60), [2, 3]);
    const indices = graph.constant(BigInt64Array.of(2n, 0n, 2n), [3]);
    const perRow = graph.constant(BigInt64Array.of(1n, 1n, 0n, 2n), [2, 2]);
    const ones = graph.constant(Float32Array.of(1, 1, 1, 1), [2, 2]);
    const parts = [
      ops.gather(x, indices, 1),
      ops.gatherElements(x, perRow, 1),
      ops.scatterAdd(x, perRow, ones, 1),
    ];
    const all = ops.concat(
      parts.map((part) => ops.reshape(part, [-1])),
      0,
    );
    expect(await evaluate(all)).toEqual([30, 10, 30, 60, 40, 60, 20, 20, 40, 60, 10, 22, 30, 41, 50, 61]);
  });

  it('makes planes of labels of any element type', async () => {
    const graph = new Graph();
    const labels = [
      graph.constant(Uint8Array.of(1, 0), [1, 2]),
      graph.constant(BigInt64Array.of(1n, 0n), [1, 2]),
      graph.constant(Int32Array.of(1, 0), [1, 2]),
    ];
    const planes = ops.concat(
      labels.map((label) => ops.oneHot(label, 2, 0)),
      0,
    );
    expect(await evaluate(planes)).toEqual([0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0]);
  });

  it('leaves a tensor as it is where there is nothing to do', () => {
    const x = new Graph().input('x', [2, 3]);
    expect(ops.reshape(x, [2, 3])).toBe(x);
    expect(ops.expand(x, [2, 3])).toBe(x);
    expect(ops.cast(x, 'float32')).toBe(x);
    expect(ops.concat([x], 0)).toBe(x);
    expect(ops.pad(x, { before: [0, 0], after: [0, 0] })).toBe(x);
    expect(ops.reduceSum(x, [])).toBe(x);
  });
});

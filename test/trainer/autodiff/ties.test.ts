import { expect, it } from 'vitest';
import { differentiate } from '../../../trainer/autodiff/differentiate.ts';
import { Graph } from '../../../trainer/graph/graph.ts';
import * as ops from '../../../trainer/graph/ops/index.ts';
import type { Value } from '../../../trainer/graph/value.ts';
import { evaluate } from '../graph/run-graph.ts';

/** Where a function has a corner, differences say nothing: torch 2's choice is the reference. */
const gradientAt = async (numbers: readonly number[], build: (x: Value) => Value): Promise<number[]> => {
  const x = new Graph().input('x', [numbers.length]);
  const [dx] = differentiate(ops.reduceSum(build(x)), [x]);
  return evaluate(dx, [[x, Float32Array.from(numbers)]]);
};

it.each<[string, readonly number[], (x: Value) => Value, readonly number[]]>([
  ['relu', [-1, 0, 1], ops.relu, [0, 0, 1]],
  ['leakyRelu', [-1, 0, 1], (x) => ops.leakyRelu(x, 0.25), [0.25, 0.25, 1]],
  ['prelu', [-1, 0, 1], (x) => ops.prelu(x, x.graph.constant(Float32Array.of(0.25), [1])), [0.25, 0.25, 1]],
  ['absolute', [-1, 0, 1], ops.absolute, [-1, 0, 1]],
  ['clip', [-1, 0, 0.5, 1, 2], (x) => ops.clip(x, 0, 1), [0, 1, 1, 1, 0]],
  ['maximum', [-1, 0, 1], (x) => ops.maximum(x, 0), [0, 0.5, 1]],
  ['minimum', [-1, 0, 1], (x) => ops.minimum(x, 0), [1, 0.5, 0]],
  ['reduceMax', [1, 3, 3, 2], (x) => ops.reduceMax(x), [0, 0.5, 0.5, 0]],
  ['reduceMin', [1, 1, 1, 2], (x) => ops.reduceMin(x), [1 / 3, 1 / 3, 1 / 3, 0].map(Math.fround)],
])('%s at its corners', async (_, numbers, build, expected) => {
  expect(await gradientAt(numbers, build)).toEqual(expected);
});

import { int } from '../attribute.ts';
import { normalizeAxes, normalizeAxis, range } from '../shape.ts';
import type { Value } from '../value.ts';
import { int64s } from './operand.ts';

type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin';

function reduce(opType: Reduction, x: Value, axes: readonly number[] | undefined, keepDims: boolean): Value {
  const reduced = normalizeAxes(opType, axes ?? range(0, x.shape.length), x.shape.length);
  if (reduced.length === 0) return x;
  const shape = x.shape.flatMap((size, axis) => (reduced.includes(axis) ? (keepDims ? [1] : []) : [size]));
  const attributes = { keepdims: int(keepDims ? 1 : 0) };
  return x.graph.node(opType, [x, int64s(x, reduced)], attributes, [{ dtype: x.dtype, shape }])[0];
}

/** Sum over the axes (default all); reduced axes stay with size 1 when `keepDims`. */
export const reduceSum = (x: Value, axes?: readonly number[], keepDims = false): Value =>
  reduce('ReduceSum', x, axes, keepDims);
/** Mean over the axes (default all); reduced axes stay with size 1 when `keepDims`. */
export const reduceMean = (x: Value, axes?: readonly number[], keepDims = false): Value =>
  reduce('ReduceMean', x, axes, keepDims);
/** Largest number over the axes (default all). Equal largest ones share the gradient. */
export const reduceMax = (x: Value, axes?: readonly number[], keepDims = false): Value =>
  reduce('ReduceMax', x, axes, keepDims);
/** Smallest number over the axes (default all). Equal smallest ones share the gradient. */
export const reduceMin = (x: Value, axes?: readonly number[], keepDims = false): Value =>
  reduce('ReduceMin', x, axes, keepDims);

/** Where along the axis the largest number stands (int64, the first of equal ones). No gradient passes. */
export function argMax(x: Value, axis: number, keepDims = false): Value {
  const reduced = normalizeAxis('ArgMax', axis, x.shape.length);
  const shape = x.shape.flatMap((size, at) => (at === reduced ? (keepDims ? [1] : []) : [size]));
  const attributes = { axis: int(reduced), keepdims: int(keepDims ? 1 : 0) };
  return x.graph.node('ArgMax', [x], attributes, [{ dtype: 'int64', shape }])[0];
}

import { graphError, normalizeAxis, range } from '../shape.ts';
import type { Value } from '../value.ts';
import { int64s } from './operand.ts';

/** Which part of which axes. */
export interface SliceOptions {
  /** First position per axis; negative ones count from the end. */
  readonly starts: readonly number[];
  /** Position behind the last one per axis; negative ones count from the end, large ones mean the end. */
  readonly ends: readonly number[];
  /** Default: the first axes. */
  readonly axes?: readonly number[];
  /** Distance between taken positions, at least 1. Default 1. */
  readonly steps?: readonly number[];
}

/** A box out of the tensor, every `step`-th position of it. Use {@link reverse} to walk backwards. */
export function slice(x: Value, { starts, ends, axes, steps }: SliceOptions): Value {
  const named = axes ?? range(0, starts.length);
  const strides = steps ?? starts.map(() => 1);
  if (ends.length !== starts.length || named.length !== starts.length || strides.length !== starts.length)
    throw graphError('Slice', 'starts, ends, axes and steps differ in length', x);
  if (!strides.every((step) => Number.isInteger(step) && step >= 1))
    throw graphError('Slice', `steps [${strides}] must be at least 1`, x);
  const at = named.map((axis) => normalizeAxis('Slice', axis, x.shape.length));
  const bound = (position: number, size: number): number =>
    Math.min(size, Math.max(0, position < 0 ? position + size : position));
  const from = starts.map((start, index) => bound(start, x.shape[at[index]]));
  const to = ends.map((end, index) => bound(end, x.shape[at[index]]));
  const shape = [...x.shape];
  at.forEach((axis, index) => (shape[axis] = Math.ceil((to[index] - from[index]) / strides[index])));
  if (shape.some((size) => size < 1)) throw graphError('Slice', `[${from}] to [${to}] is empty`, x);
  const settings = [from, to, at, strides].map((numbers) => int64s(x, numbers));
  return x.graph.node('Slice', [x, ...settings], {}, [{ dtype: x.dtype, shape }])[0];
}

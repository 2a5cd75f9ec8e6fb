import { reshape, slice, transpose, type ConvolutionGeometry } from '../../ops/index.ts';
import { range, sizeOf } from '../../shape.ts';
import type { Shape, Value } from '../../value.ts';

/**
 * A stride splits an axis into phases: the positions with the same remainder. Where a kernel position leads is then a
 * phase and a shift by whole positions of that phase, and a convolution with a stride is a sum of ones without.
 */
export interface Tap {
  readonly phase: number;
  readonly shift: number;
}

/** Per axis and kernel position, where the voxel `p * stride + k * dilation + origin` lies, seen from `p`. */
export const tapsPerAxis = (
  { kernel, strides, dilations }: ConvolutionGeometry,
  origin: Shape = strides.map(() => 0),
): readonly (readonly Tap[])[] =>
  kernel.map((size, axis) =>
    range(0, size).map((k) => {
      const distance = k * dilations[axis] + origin[axis];
      const shift = Math.floor(distance / strides[axis]);
      return { phase: distance - shift * strides[axis], shift };
    }),
  );

/** Every combination of one entry per axis, the last axis fastest. */
export const combine = <T>(perAxis: readonly (readonly T[])[]): T[][] =>
  perAxis.reduce<T[][]>(
    (heads, entries) => heads.flatMap((head) => entries.map((entry) => [...head, entry])),
    [[]],
  );

/** The number of a phase among those of all axes, the last axis fastest. */
export const phaseIndex = (phases: Shape, strides: Shape): number =>
  phases.reduce((index, phase, axis) => index * strides[axis] + phase, 0);

/** How far apart neighbours on each axis of a grid are in memory. */
export const pitchesOf = (grid: Shape): number[] => grid.map((_, axis) => sizeOf(grid.slice(axis + 1)));

/**
 * Puts phases together: `[N, ...strides, C, ...grid]` becomes `[N, C, ...grid * strides]`. The last axis moves alone and
 * the others with whole rows: a single transposition of all axes takes five times as long.
 */
export function joinPhases(x: Value, strides: Shape): Value {
  const rank = strides.length;
  const [batch] = x.shape;
  const [channels, ...grid] = x.shape.slice(rank + 1);
  const outer = strides.slice(0, -1);
  const columns = reshape(x, [batch * sizeOf(outer), strides[rank - 1], channels * sizeOf(grid)]);
  const rows = transpose(columns, [0, 2, 1]);
  const size = grid.map((length, axis) => length * strides[axis]);
  const stacked = reshape(rows, [batch, ...outer, channels, ...grid.slice(0, -1), size[rank - 1]]);
  const pairs = range(0, rank - 1).flatMap((axis) => [rank + 1 + axis, 1 + axis]);
  return reshape(transpose(stacked, [0, rank, ...pairs, 2 * rank]), [batch, channels, ...size]);
}

/**
 * Takes phases apart: `[N, C, ...grid * strides]` becomes `[phases, N, C, ...grid]`. Undefined where the last two strides
 * differ: SpaceToDepth, which is four times as fast as a transposition, takes both alike.
 */
export function splitPhases(x: Value, strides: Shape): Value | undefined {
  const rank = strides.length;
  const [batch, channels, ...size] = x.shape;
  const grid = size.map((length, axis) => length / strides[axis]);
  if (strides.every((stride) => stride === 1)) return reshape(x, [1, ...x.shape]);
  if (rank < 2 || strides[rank - 1] !== strides[rank - 2]) return undefined;
  const [block] = strides.slice(-1);
  const outer = range(0, rank - 2);
  const planes = [sizeOf(x.shape.slice(0, -2)), 1, ...size.slice(-2)];
  const inPlane = grid.slice(-2);
  const [deep] = x.graph.node(
    'SpaceToDepth',
    [reshape(x, planes)],
    { blocksize: { kind: 'int', value: block } },
    [{ dtype: x.dtype, shape: [planes[0], block * block, ...inPlane] }],
  );
  const pairs = outer.flatMap((axis) => [grid[axis], strides[axis]]);
  const open = reshape(deep, [batch, channels, ...pairs, block * block, sizeOf(inPlane)]);
  const phaseAxes = [...outer.map((axis) => 3 + 2 * axis), 2 + pairs.length];
  const gridAxes = outer.map((axis) => 2 + 2 * axis);
  const apart = transpose(open, [...phaseAxes, 0, 1, ...gridAxes, 3 + pairs.length]);
  return reshape(apart, [sizeOf(strides), batch, channels, ...grid]);
}

/** The first `size` positions of every spatial axis, behind `leading` other axes. */
export function cropTo(x: Value, size: Shape, leading: number): Value {
  const axes = range(leading, x.shape.length).filter((axis) => x.shape[axis] !== size[axis - leading]);
  if (axes.length === 0) return x;
  return slice(x, { axes, starts: axes.map(() => 0), ends: axes.map((axis) => size[axis - leading]) });
}

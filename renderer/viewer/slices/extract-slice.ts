import type { VoxelArray } from '../../../common/imaging/voxel-array.ts';
import type { PlaneAxes } from '../geometry/plane.ts';
import { gatherSlab } from './gather-slab.ts';

/** The columns and rows of a plane's slices. */
export const sliceSize = (
  shape: readonly number[],
  { across, down }: PlaneAxes,
): { readonly columns: number; readonly rows: number } => ({ columns: shape[across]!, rows: shape[down]! });

/**
 * Copies neighbouring slices (by default one) as the screen shows them, rows from the top, one slice behind the other: down
 * the screen runs against the axis, across it as the plane says.
 *
 * @param target of columns x rows x slices values, of the voxels' type
 */
export function extractSlices(
  voxels: VoxelArray,
  shape: readonly number[],
  axes: PlaneAxes,
  first: number,
  target: VoxelArray,
  slices = 1,
): VoxelArray {
  if (axes.across === 0) {
    for (let slice = 0; slice < slices; slice++) copyRows(voxels, shape, axes, first + slice, target, slice);
  } else copySagittal(voxels, shape, axes, first, target, slices);
  return target;
}

/** Slices whose rows stand in memory as they are, or turned: the engine's own copying is fastest. */
function copyRows(
  voxels: VoxelArray,
  shape: readonly number[],
  axes: PlaneAxes,
  slice: number,
  target: VoxelArray,
  place: number,
): void {
  const strides = [1, shape[0]!, shape[0]! * shape[1]!];
  const { columns, rows } = sliceSize(shape, axes);
  let to = place * columns * rows;
  for (let row = rows - 1; row >= 0; row--, to += columns) {
    const from = slice * strides[axes.normal]! + row * strides[axes.down]!;
    target.set(voxels.subarray(from, from + columns), to);
    if (axes.acrossSign === -1) target.subarray(to, to + columns).reverse();
  }
}

function copySagittal(
  voxels: VoxelArray,
  shape: readonly number[],
  axes: PlaneAxes,
  first: number,
  target: VoxelArray,
  slices: number,
): void {
  const [alongY, alongZ] = [shape[0]!, shape[0]! * shape[1]!];
  const { columns, rows } = sliceSize(shape, axes);
  const firstColumn = axes.acrossSign === 1 ? 0 : (columns - 1) * alongY;
  const start = first + firstColumn + (rows - 1) * alongZ;
  const slab = { start, step: axes.acrossSign * alongY, rowStep: -alongZ, columns, rows, slices };
  gatherSlab(voxels, slab, target);
}

/** How float voxels become the whole numbers that can be drawn: pixel = (value - low) / step, from 0 to 65535. */
export interface Quantisation {
  readonly low: number;
  readonly step: number;
}

const LEVELS = 65535;

/** Over the whole range of a volume, so that a window can be set in its own units. */
export const quantisationOf = (min: number, max: number): Quantisation => ({
  low: min,
  step: max > min ? (max - min) / LEVELS : 1,
});

/** Float values as whole numbers; what is no finite number becomes 0. */
export function quantise(values: Float32Array, { low, step }: Quantisation, target: Uint16Array): void {
  const perLevel = 1 / step;
  // A 16-bit array drops the fraction, so half a level rounds, and makes 0 of NaN and infinities.
  for (let at = 0; at < values.length; at++) target[at] = (values[at]! - low) * perLevel + 0.5;
}

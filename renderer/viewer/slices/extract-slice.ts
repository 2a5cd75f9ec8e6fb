import type { VoxelArray } from '../../../common/imaging/voxel-array.ts';
import type { PlaneAxes } from '../geometry/plane.ts';

/** The columns and rows of a plane's slices. */
export const sliceSize = (
  shape: readonly number[],
  { across, down }: PlaneAxes,
): { readonly columns: number; readonly rows: number } => ({ columns: shape[across]!, rows: shape[down]! });

/**
 * Copies a slice as the screen shows it, rows from the top, into `target` (of columns x rows values): down the screen runs
 * against the axis, across it as the plane says.
 */
export function extractSlice<Values extends VoxelArray>(
  voxels: VoxelArray,
  shape: readonly number[],
  axes: PlaneAxes,
  slice: number,
  target: Values,
): Values {
  const strides = [1, shape[0]!, shape[0]! * shape[1]!];
  const { columns, rows } = sliceSize(shape, axes);
  const step = axes.acrossSign * strides[axes.across]!;
  const firstColumn = axes.acrossSign === 1 ? 0 : (columns - 1) * strides[axes.across]!;
  let to = 0;
  for (let row = rows - 1; row >= 0; row--) {
    let from = slice * strides[axes.normal]! + row * strides[axes.down]! + firstColumn;
    for (let column = 0; column < columns; column++) {
      target[to++] = voxels[from]!;
      from += step;
    }
  }
  return target;
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

/** As {@link extractSlice}, for float voxels; what is no finite number becomes 0. */
export function extractQuantised(
  voxels: Float32Array,
  shape: readonly number[],
  axes: PlaneAxes,
  slice: number,
  { low, step: level }: Quantisation,
  target: Uint16Array,
): Uint16Array {
  const strides = [1, shape[0]!, shape[0]! * shape[1]!];
  const { columns, rows } = sliceSize(shape, axes);
  const step = axes.acrossSign * strides[axes.across]!;
  const firstColumn = axes.acrossSign === 1 ? 0 : (columns - 1) * strides[axes.across]!;
  const perLevel = 1 / level;
  let to = 0;
  for (let row = rows - 1; row >= 0; row--) {
    let from = slice * strides[axes.normal]! + row * strides[axes.down]! + firstColumn;
    for (let column = 0; column < columns; column++) {
      // NaN and infinities become 0 in a 16-bit array, within the range half a level is added to round.
      target[to++] = (voxels[from]! - low) * perLevel + 0.5;
      from += step;
    }
  }
  return target;
}

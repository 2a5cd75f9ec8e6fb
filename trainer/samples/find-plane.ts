import { diagonalAffine, type Affine } from '../../common/imaging/affine.ts';
import { findCanonicalTurn } from '../../common/imaging/canonical-grid.ts';
import { stridesOf } from '../data/tensor.ts';

/** One axis of a volume in C order. */
export interface VolumeAxis {
  readonly size: number;
  /** From one index to the next, in voxels of the volume. */
  readonly stride: number;
  readonly spacingMm: number;
  /** The picture's first pixel is the axis's last index. */
  readonly isReversed: boolean;
}

/** How a volume is cut: columns from left to right, rows from top to bottom, and the axis that is cut across. */
export interface Plane {
  readonly columns: VolumeAxis;
  readonly rows: VolumeAxis;
  readonly across: VolumeAxis;
}

/**
 * The plane in which a volume (x, y, z) has most voxels, so that thick slices are seen as they were taken; of equals the axial
 * one, then the coronal one. In radiological convention: the patient's right at the left, front or head at the top; in a sagittal
 * one the front at the left.
 */
export function findPlane(shape: readonly [number, number, number], affine: Affine): Plane {
  const { reorientation, spacingMm } =
    findCanonicalTurn({ shape, affine }) ?? findCanonicalTurn({ shape, affine: diagonalAffine([1, 1, 1]) })!;
  const strides = stridesOf(shape);
  const axes = reorientation.order.map((axis, canonical): VolumeAxis => ({
    size: shape[axis]!,
    stride: strides[axis]!,
    spacingMm: spacingMm[canonical]!,
    // right, front and head are where pixels begin
    isReversed: !reorientation.flips.includes(axis),
  }));
  const [x, y, z] = axes as [VolumeAxis, VolumeAxis, VolumeAxis];
  const planes: readonly Plane[] = [
    { columns: x, rows: y, across: z },
    { columns: x, rows: z, across: y },
    { columns: y, rows: z, across: x },
  ];
  return planes.reduce((best, plane) => (plane.across.size < best.across.size ? plane : best));
}

/** The slice across a plane with most voxels that `isInside` is true of; the middle one where there are none. */
export function findFullestSlice(
  { across: { size, stride } }: Plane,
  voxelCount: number,
  isInside: (voxel: number) => boolean,
): { readonly slice: number; readonly count: number } {
  const counts = new Array<number>(size).fill(0);
  for (let voxel = 0; voxel < voxelCount; voxel += stride) {
    const slice = (voxel / stride) % size;
    for (let at = voxel; at < voxel + stride; at++) if (isInside(at)) counts[slice]!++;
  }
  const count = Math.max(...counts);
  return { slice: count === 0 ? Math.floor(size / 2) : counts.indexOf(count), count };
}

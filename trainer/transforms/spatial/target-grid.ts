import {
  composeAffine,
  invertAffine,
  invertMatrix3,
  linearPart,
  multiplyAffines,
  multiplyMatrices3,
  originOf,
  transformPoint,
  voxelSizesMm,
  type Affine,
  type Matrix3,
  type Vector3,
} from '../../../common/imaging/affine.ts';
import { orientationOf } from '../../../common/imaging/orientation.ts';
import { roundHalfToEven } from '../motions/sample-axis.ts';

/** The grid that an image is resampled to. */
export interface TargetGrid {
  readonly affine: Affine;
  /** Spatial sizes. */
  readonly shape: readonly number[];
  /** Voxel index of the new grid -> voxel index of the old one. */
  readonly indexMap: Affine;
}

/**
 * The grid of Spacingd: rotation of the old one without its shears, voxels of `sizesMm` (or, with `diagonal`, along the world
 * axes), large enough for the centres of all corner voxels, and voxel 0 where it was. Undefined for an affine whose axes do
 * not span space.
 */
export function findTargetGrid(
  affine: Affine,
  shape: readonly number[],
  sizesMm: Vector3,
  diagonal: boolean,
): TargetGrid | undefined {
  const linear = diagonal ? diagonalMatrix(sizesMm) : zoomMatrix(linearPart(affine), sizesMm);
  const toOldIndex = invertAffine(affine);
  if (linear === undefined || toOldIndex === undefined) return undefined;
  const toNewIndex = invertAffine(composeAffine(linear, [0, 0, 0]));
  if (toNewIndex === undefined) return undefined;
  const corners = cornersOf(shape).map((corner) => transformPoint(affine, corner));
  const newCorners = corners.map((corner) => transformPoint(toNewIndex, corner));
  const newShape = shape.map((_, axis) => {
    const along = newCorners.map((corner) => corner[axis]);
    return roundHalfToEven(Math.max(...along) - Math.min(...along) + 1);
  });
  const grid = composeAffine(linear, findOrigin(affine, linear, corners));
  return { affine: grid, shape: newShape, indexMap: multiplyAffines(toOldIndex, grid) };
}

/** The old origin; for axes that are turned to others, the smallest corner. */
function findOrigin(affine: Affine, linear: Matrix3, corners: readonly Vector3[]): Vector3 {
  const before = orientationOf(affine);
  const after = orientationOf(composeAffine(linear, [0, 0, 0]));
  const isSame = before.every(({ worldAxis, sign }, axis) => {
    const other = after[axis];
    return other.worldAxis === worldAxis && other.sign === sign;
  });
  if (isSame) return originOf(affine);
  const smallest = (axis: number): number => Math.min(...corners.map((corner) => corner[axis]));
  return [smallest(0), smallest(1), smallest(2)];
}

function cornersOf(shape: readonly number[]): Vector3[] {
  const last = [0, 1, 2].map((axis) => (shape[axis] ?? 1) - 1);
  return [0, 1, 2, 3, 4, 5, 6, 7].map((bits): Vector3 => [
    bits & 1 ? last[0] : 0,
    bits & 2 ? last[1] : 0,
    bits & 4 ? last[2] : 0,
  ]);
}

/**
 * The matrix with the rotation of `linear` and columns of the given lengths. The rotation is what Gram-Schmidt makes of the
 * columns in the order x, y, z: the first keeps its direction, shears are taken from the others.
 */
function zoomMatrix(linear: Matrix3, sizesMm: Vector3): Matrix3 | undefined {
  const upper = upperFactor(linear);
  const inverse = upper === undefined ? undefined : invertMatrix3(upper);
  if (inverse === undefined) return undefined;
  return multiplyMatrices3(multiplyMatrices3(linear, inverse), diagonalMatrix(sizesMm));
}

/** The upper triangular U with positive diagonal and U'U = M'M (Cholesky); undefined for dependent columns. */
function upperFactor(matrix: Matrix3): Matrix3 | undefined {
  const gram = (i: number, j: number): number =>
    matrix[i] * matrix[j] + matrix[3 + i] * matrix[3 + j] + matrix[6 + i] * matrix[6 + j];
  const a = Math.sqrt(gram(0, 0));
  const b = gram(0, 1) / a;
  const c = gram(0, 2) / a;
  const d = Math.sqrt(gram(1, 1) - b * b);
  const e = (gram(1, 2) - b * c) / d;
  const f = Math.sqrt(gram(2, 2) - c * c - e * e);
  return [a, d, f].every((value) => value > 0) ? [a, b, c, 0, d, e, 0, 0, f] : undefined;
}

const diagonalMatrix = ([x, y, z]: Vector3): Matrix3 => [x, 0, 0, 0, y, 0, 0, 0, z];

/** Voxel sizes to resample to: 0 or less keeps the size that the image has, axes without a value get 1. */
export function fillVoxelSizes(pixdim: readonly number[], affine: Affine, rank: number): Vector3 {
  const old = voxelSizesMm(affine);
  const size = (axis: 0 | 1 | 2): number => {
    if (axis >= rank) return old[axis];
    const wanted = axis < pixdim.length ? pixdim[axis] : 1;
    return wanted > 0 ? wanted : old[axis] || 1;
  };
  return [size(0), size(1), size(2)];
}

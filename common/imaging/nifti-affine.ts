import { fail, succeed, type Result } from '../fault.ts';
import {
  composeAffine,
  diagonalAffine,
  isAllClose,
  linearPart,
  originOf,
  roundAffine,
  voxelSizesMm,
  type Affine,
  type Matrix3,
  type Vector3,
} from './affine.ts';
import type { NiftiHeader } from './nifti-header.ts';
import { isReflection, nearestRotation, quaternionOf, rotationOf } from './rotation.ts';

/** The affine that the header's sform rows hold, whatever its code says. */
export function sformOf(header: NiftiHeader): Affine {
  return [...header.sformRows, 0, 0, 0, 1];
}

/**
 * The affine of the header's quaternion, offsets and voxel sizes, whatever its code says. The quaternion's missing w is
 * what is left to length 1; fault when b, c and d alone are longer than that.
 */
export function qformOf(header: NiftiHeader): Result<Affine> {
  const [x, y, z] = header.quaternion;
  const rest = 1 - (x * x + y * y + z * z);
  const tolerance = 3 * (header.version === 1 ? 2 ** -23 : Number.EPSILON);
  if (Number.isNaN(rest) || rest < -tolerance) {
    return fail({
      code: 'image-unreadable',
      message: `The header's quaternion (${x}, ${y}, ${z}) is no rotation.`,
      allowed: 'b, c and d with b*b + c*c + d*d of at most 1',
    });
  }
  const w = Math.abs(rest) < tolerance ? 0 : Math.sqrt(rest);
  const [sizeX, sizeY, sizeZ] = spatialSizes(header);
  const scale = [sizeX, sizeY, sizeZ * header.qfac];
  const linear = rotationOf([w, x, y, z]).map((value, at) => value * scale[at % 3]!);
  return succeed(composeAffine(linear, header.qformOffset));
}

/** What is assumed without sform and qform: x mirrored, and the middle of the volume at the origin. */
export function baseAffineOf(header: NiftiHeader): Affine {
  const [x, y, z] = spatialSizes(header);
  const scale: Vector3 = [-x, y, z];
  const middle = (axis: 0 | 1 | 2): number => -(((header.shape[axis] ?? 1) - 1) / 2) * scale[axis];
  return diagonalAffine(scale, [middle(0), middle(1), middle(2)]);
}

/** nibabel's choice of affine: the sform when it has a code, else the qform when it has one, else the base affine. */
export function bestAffineOf(header: NiftiHeader): Result<Affine> {
  if (header.sformCode > 0) return succeed(sformOf(header));
  return header.qformCode > 0 ? qformOf(header) : succeed(baseAffineOf(header));
}

/**
 * The affine that MONAI's image reader gives an image: nibabel's, after the header was repaired. Where the affine's column
 * norms are not the header's voxel sizes, a qform that fits them replaces an sform that does not; and sform rows without a
 * code that fit replace a qform that does not. When nothing fits, the voxel sizes yield and the affine stays.
 *
 * As in MONAI, norms run over as many rows and columns as the image has axes, so those of a 4-D image include its
 * translation, and images of five and more axes are left alone.
 */
export function repairedAffineOf(header: NiftiHeader): Result<Affine> {
  const best = bestAffineOf(header);
  if (!best.ok || header.shape.length >= 5) return best;
  const rank = header.shape.length;
  if (isAllClose(header.pixdim, columnNorms(best.value, rank))) return best;

  const fits = (affine: Affine): boolean => isAllClose(columnNorms(affine, rank), header.pixdim);
  const sform = sformOf(header);
  const qform = qformOf(header);
  const qformFits = qform.ok && fits(qform.value);
  if (header.sformCode > 0) return !fits(sform) && qformFits ? succeed(roundAffine(qform.value)) : best;
  return header.qformCode > 0 && !qformFits && fits(sform) ? succeed(asQform(sform)) : best;
}

/** The parts of a qform. */
export interface QformParts {
  readonly quaternion: Vector3;
  readonly qfac: 1 | -1;
  readonly sizesMm: Vector3;
}

/** The quaternion, mirror and voxel sizes nearest to an affine: a qform has no room for shears. */
export function splitAffine(affine: Affine): QformParts {
  const sizesMm = voxelSizesMm(affine);
  const columns = linearPart(affine).map((value, at) => value / (sizesMm[at % 3] || 1));
  const mirrored = isReflection(columns);
  const proper: Matrix3 = mirrored ? columns.map((value, at) => (at % 3 === 2 ? -value : value)) : columns;
  const [, x, y, z] = quaternionOf(nearestRotation(proper));
  return { quaternion: [x, y, z], qfac: mirrored ? -1 : 1, sizesMm };
}

/** The affine as it comes back from the float32 fields of a qform. */
function asQform(affine: Affine): Affine {
  const { quaternion, qfac, sizesMm } = splitAffine(affine);
  const [x, y, z] = quaternion.map(Math.fround) as unknown as Vector3;
  const w = Math.sqrt(Math.max(0, 1 - (x * x + y * y + z * z)));
  const scale = [sizesMm[0], sizesMm[1], sizesMm[2] * qfac].map(Math.fround);
  return composeAffine(
    rotationOf([w, x, y, z]).map((value, at) => value * scale[at % 3]!),
    originOf(affine),
  );
}

function spatialSizes(header: NiftiHeader): Vector3 {
  return [header.pixdim[0] ?? 1, header.pixdim[1] ?? 1, header.pixdim[2] ?? 1];
}

/** Lengths of the first `rank` columns over the first `rank` rows. */
function columnNorms(affine: Affine, rank: number): number[] {
  return Array.from({ length: rank }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < rank; row++) sum += affine[row * 4 + column]! ** 2;
    return Math.sqrt(sum);
  });
}

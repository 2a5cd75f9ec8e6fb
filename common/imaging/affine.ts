/**
 * A 4x4 matrix as 16 numbers, row by row. An image's affine takes a voxel index (x, y, z) to world millimetres in RAS:
 * right, anterior and superior are positive.
 */
export type Affine = readonly number[];

/** A point or vector of three numbers. */
export type Vector3 = readonly [number, number, number];

/** A 3x3 matrix as 9 numbers, row by row. */
export type Matrix3 = readonly number[];

export const identityAffine: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** The affine with this linear part and this origin (the world position of voxel 0). */
export function composeAffine(linear: Matrix3, origin: Vector3): Affine {
  const [a, b, c, d, e, f, g, h, i] = linear as Vector9;
  return [a, b, c, origin[0], d, e, f, origin[1], g, h, i, origin[2], 0, 0, 0, 1];
}

/** Scales the axes by `scale`, then moves to `origin`. */
export function diagonalAffine(scale: Vector3, origin: Vector3 = [0, 0, 0]): Affine {
  return composeAffine([scale[0], 0, 0, 0, scale[1], 0, 0, 0, scale[2]], origin);
}

/** The upper left 3x3 block. */
export function linearPart(affine: Affine): Matrix3 {
  return [0, 1, 2, 4, 5, 6, 8, 9, 10].map((at) => affine[at]!);
}

/** The world position of voxel 0. */
export function originOf(affine: Affine): Vector3 {
  return [affine[3]!, affine[7]!, affine[11]!];
}

/** Matrix product: first `right`, then `left`. */
export function multiplyAffines(left: Affine, right: Affine): Affine {
  const product = new Array<number>(16).fill(0);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = 0;
      for (let inner = 0; inner < 4; inner++) sum += left[row * 4 + inner]! * right[inner * 4 + column]!;
      product[row * 4 + column] = sum;
    }
  }
  return product;
}

/** Product of two 3x3 matrices. */
export function multiplyMatrices3(left: Matrix3, right: Matrix3): Matrix3 {
  const product = new Array<number>(9).fill(0);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      let sum = 0;
      for (let inner = 0; inner < 3; inner++) sum += left[row * 3 + inner]! * right[inner * 3 + column]!;
      product[row * 3 + column] = sum;
    }
  }
  return product;
}

export function determinant3(matrix: Matrix3): number {
  const [a, b, c, d, e, f, g, h, i] = matrix as Vector9;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** Inverse by cofactors; undefined when the matrix is singular. */
export function invertMatrix3(matrix: Matrix3): Matrix3 | undefined {
  const [a, b, c, d, e, f, g, h, i] = matrix as Vector9;
  const determinant = determinant3(matrix);
  if (!Number.isFinite(1 / determinant)) return undefined;
  return [
    (e * i - f * h) / determinant,
    (c * h - b * i) / determinant,
    (b * f - c * e) / determinant,
    (f * g - d * i) / determinant,
    (a * i - c * g) / determinant,
    (c * d - a * f) / determinant,
    (d * h - e * g) / determinant,
    (b * g - a * h) / determinant,
    (a * e - b * d) / determinant,
  ];
}

/** World to voxel index; undefined when the axes do not span space. */
export function invertAffine(affine: Affine): Affine | undefined {
  const inverse = invertMatrix3(linearPart(affine));
  if (inverse === undefined) return undefined;
  const [x, y, z] = transformPoint(composeAffine(inverse, [0, 0, 0]), originOf(affine));
  return composeAffine(inverse, [-x, -y, -z]);
}

/** The affine times the point. */
export function transformPoint(affine: Affine, point: Vector3): Vector3 {
  const along = (row: number): number =>
    affine[row]! * point[0] + affine[row + 1]! * point[1] + affine[row + 2]! * point[2] + affine[row + 3]!;
  return [along(0), along(4), along(8)];
}

/** Column norms: for an image's affine the distance of neighbouring voxels along x, y and z in millimetres. */
export function voxelSizesMm(affine: Affine): Vector3 {
  const norm = (column: number): number =>
    Math.sqrt(affine[column]! ** 2 + affine[column + 4]! ** 2 + affine[column + 8]! ** 2);
  return [norm(0), norm(1), norm(2)];
}

/**
 * numpy's `allclose(values, wanted)`: every |value - wanted| <= absolute + relative * |wanted|. NaN is close to nothing.
 */
export function isAllClose(
  values: readonly number[],
  wanted: readonly number[],
  absolute = 1e-8,
  relative = 1e-5,
): boolean {
  return (
    values.length === wanted.length &&
    values.every(
      (value, index) => Math.abs(value - wanted[index]!) <= absolute + relative * Math.abs(wanted[index]!),
    )
  );
}

/** Every number rounded to float32, as MONAI stores an affine that it has computed. */
export function roundAffine(affine: Affine): Affine {
  return affine.map(Math.fround);
}

type Vector9 = readonly [number, number, number, number, number, number, number, number, number];

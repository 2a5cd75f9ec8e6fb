import { determinant3, invertMatrix3, type Matrix3 } from './affine.ts';

const ITERATIONS = 100;
const TOLERANCE = 1e-15;

/**
 * The orthogonal matrix nearest to `matrix` (the rotation, or rotation with reflection, of its polar decomposition),
 * by Newton's iteration R <- (R + R^-T) / 2. A singular matrix comes back as it is: it has no nearest rotation.
 */
export function nearestRotation(matrix: Matrix3): Matrix3 {
  let rotation = matrix;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const inverse = invertMatrix3(rotation);
    if (inverse === undefined) return matrix;
    const next = rotation.map((value, at) => (value + inverse[(at % 3) * 3 + Math.floor(at / 3)]!) / 2);
    const change = Math.max(...next.map((value, at) => Math.abs(value - rotation[at]!)));
    rotation = next;
    if (change <= TOLERANCE) break;
  }
  return rotation;
}

/** A rotation as unit quaternion; (w, x, y, z) with w >= 0. */
export type Quaternion = readonly [w: number, x: number, y: number, z: number];

/** The rotation matrix of a quaternion of any length but zero; no rotation for (nearly) zero. */
export function rotationOf([w, x, y, z]: Quaternion): Matrix3 {
  const square = w * w + x * x + y * y + z * z;
  if (square < Number.EPSILON) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const scale = 2 / square;
  const [sx, sy, sz] = [x * scale, y * scale, z * scale];
  return [
    1 - (y * sy + z * sz),
    x * sy - w * sz,
    x * sz + w * sy,
    x * sy + w * sz,
    1 - (x * sx + z * sz),
    y * sz - w * sx,
    x * sz - w * sy,
    y * sz + w * sx,
    1 - (x * sx + y * sy),
  ];
}

/** The quaternion of a rotation matrix (determinant 1), by the largest of its four components. */
export function quaternionOf(rotation: Matrix3): Quaternion {
  const [a, b, c, d, e, f, g, h, i] = rotation as readonly [
    number, number, number, number, number, number, number, number, number,
  ]; // prettier-ignore
  const fourTimes = [1 + a + e + i, 1 + a - e - i, 1 - a + e - i, 1 - a - e + i] as const;
  const largest = fourTimes.indexOf(Math.max(...fourTimes));
  const doubled = Math.sqrt(fourTimes[largest]!);
  const scale = 0.5 / doubled;
  const candidates: readonly Quaternion[] = [
    [doubled / 2, (h - f) * scale, (c - g) * scale, (d - b) * scale],
    [(h - f) * scale, doubled / 2, (b + d) * scale, (c + g) * scale],
    [(c - g) * scale, (b + d) * scale, doubled / 2, (f + h) * scale],
    [(d - b) * scale, (c + g) * scale, (f + h) * scale, doubled / 2],
  ];
  const [w, x, y, z] = candidates[largest]!;
  return w < 0 ? [-w, -x, -y, -z] : [w, x, y, z];
}

/** True when the matrix mirrors. */
export const isReflection = (matrix: Matrix3): boolean => determinant3(matrix) < 0;

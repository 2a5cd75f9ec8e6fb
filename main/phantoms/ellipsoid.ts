/** Uniform numbers in [0, 1). */
export type Random = () => number;

export type Vector = readonly [number, number, number];

export interface Ellipsoid {
  readonly centre: Vector;
  readonly radii: Vector;
  /** Rows are the axes of the ellipsoid. */
  readonly axes: readonly [Vector, Vector, Vector];
}

export const unitAxes: Ellipsoid['axes'] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Positive inside the ellipsoid, 1 at its centre, 0 on its surface. */
export function depthInside(ellipsoid: Ellipsoid, point: Vector): number {
  const { centre, radii, axes } = ellipsoid;
  let squared = 0;
  for (let axis = 0; axis < 3; axis++) {
    const [a, b, c] = axes[axis as 0 | 1 | 2];
    const along = a * (point[0] - centre[0]) + b * (point[1] - centre[1]) + c * (point[2] - centre[2]);
    squared += (along / radii[axis]!) ** 2;
  }
  return 1 - squared;
}

/** A standard normal number (Box and Muller, 1958; the second of the pair is not kept). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

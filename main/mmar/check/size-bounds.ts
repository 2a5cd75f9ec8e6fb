/** What is known of an image's size at some place of a chain of transforms: sizes in voxels along x, y and z. */
export interface SizeBounds {
  readonly lower: readonly number[];
  /** Infinity where nothing is known. */
  readonly upper: readonly number[];
}

/** A size that is known exactly. */
export const exactly = (size: readonly number[]): SizeBounds => ({ lower: size, upper: size });

/** Nothing is known but the number of axes. */
export const unknownSize = (axes: number): SizeBounds => ({
  lower: new Array<number>(axes).fill(1),
  upper: new Array<number>(axes).fill(Number.POSITIVE_INFINITY),
});

/** The size, where lower and upper bound agree on every axis. */
export function exactSize({ lower, upper }: SizeBounds): readonly number[] | undefined {
  return lower.every((size, axis) => size === upper[axis]) ? lower : undefined;
}

/** Changes both bounds of every axis by the same rule, which must not fall where its input grows. */
export function mapBounds(
  { lower, upper }: SizeBounds,
  rule: (size: number, axis: number) => number,
): SizeBounds {
  return { lower: lower.map(rule), upper: upper.map(rule) };
}

/** Keeps the upper bounds, since a transform cuts away an amount that the size alone does not tell. */
export const shrinkBy = ({ lower, upper }: SizeBounds): SizeBounds => ({ lower: lower.map(() => 1), upper });

/**
 * A size argument as MONAI reads it: one number or one per axis; what is missing, null, 0 or less stands for the
 * image's own size (`undefined`).
 */
export function perAxisSize(value: unknown, axes: number): readonly (number | undefined)[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : new Array<unknown>(axes).fill(value);
  return Array.from({ length: axes }, (_, axis) => {
    const size = values[axis];
    return typeof size === 'number' && size > 0 ? size : undefined;
  });
}

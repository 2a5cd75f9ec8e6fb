import { FaultError } from '../../common/fault.ts';

/**
 * Sizes per axis as MONAI fills them up: one number stands for all axes; 0, negative numbers and null for what `shape` has.
 * Fault `wrong-argument` for a list that has not one entry per axis.
 */
export function fillSizes(
  wanted: number | null | readonly (number | null)[],
  shape: readonly number[],
  component: string,
  argument: string,
): readonly number[] {
  const list = typeof wanted === 'number' || wanted === null ? shape.map(() => wanted) : wanted;
  if (list.length !== shape.length) {
    throw new FaultError({
      code: 'wrong-argument',
      component,
      argument,
      message: `There are ${list.length} sizes for the ${shape.length} axes of the image.`,
      allowed: 'one number, or one per axis',
    });
  }
  return shape.map((size, axis) => {
    const wantedSize = list[axis];
    return wantedSize !== null && wantedSize > 0 ? wantedSize : size;
  });
}

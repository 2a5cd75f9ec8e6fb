import type { Tensor } from '../../data/tensor.ts';
import { flipAxes } from './flip.ts';
import { permuteAxes } from './permute.ts';

/** Turns by `quarters` times 90 degrees in the plane of two spatial axes, from the first towards the second (numpy's `rot90`). */
export function rotateQuarters(tensor: Tensor, quarters: number, plane: readonly [number, number]): Tensor {
  const turns = ((quarters % 4) + 4) % 4;
  if (turns === 0) return tensor;
  if (turns === 2) return flipAxes(tensor, plane);
  const order = exchange(tensor.shape.length - 1, plane);
  // One quarter mirrors the second axis and then exchanges the two; three quarters do it the other way round.
  if (turns === 1) return permuteAxes(flipAxes(tensor, [plane[1]]), order);
  return flipAxes(permuteAxes(tensor, order), [plane[1]]);
}

/** The order of axes with two of them exchanged. */
export function exchange(rank: number, [first, second]: readonly [number, number]): readonly number[] {
  return Array.from({ length: rank }, (_, axis) =>
    axis === first ? second : axis === second ? first : axis,
  );
}

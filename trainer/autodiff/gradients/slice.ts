import { pad, readInt64s, reshape, slice } from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** A box out of `x`, every `step`-th position of it: `dx` is `dy` at those positions and 0 elsewhere. */
export const sliceGradient: GradientRule = {
  opType: 'Slice',
  gradients: ({ inputs: [x, starts, , axes, steps], dy }) => {
    const perAxis = (numbers: Value, otherwise: number): number[] => {
      const named = readInt64s(axes);
      const values = readInt64s(numbers);
      return x.shape.map((_, axis) => (named.includes(axis) ? values[named.indexOf(axis)] : otherwise));
    };
    return [
      () => {
        const before = perAxis(starts, 0);
        const spread = spreadOut(dy, perAxis(steps, 1));
        const fits = spread.shape.map((size, axis) => Math.min(size, x.shape[axis] - before[axis]));
        const cropped = slice(spread, { starts: fits.map(() => 0), ends: fits });
        return pad(cropped, { before, after: fits.map((size, axis) => x.shape[axis] - before[axis] - size) });
      },
    ];
  },
};

/** `step - 1` zeros behind each position of each axis. */
function spreadOut(dy: Value, steps: readonly number[]): Value {
  if (steps.every((step) => step === 1)) return dy;
  const split = reshape(
    dy,
    dy.shape.flatMap((size) => [size, 1]),
  );
  const padded = pad(split, {
    before: split.shape.map(() => 0),
    after: steps.flatMap((step) => [0, step - 1]),
  });
  return reshape(
    padded,
    dy.shape.map((size, axis) => size * steps[axis]),
  );
}

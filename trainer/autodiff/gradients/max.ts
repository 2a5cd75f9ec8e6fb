import { shareOfWinner } from '../share-of-winner.ts';
import { sumToShape } from '../sum-to-shape.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = max(a, b)`: `dy` goes to the larger one; equal ones get half each, as in torch. */
export const maxGradient: GradientRule = {
  opType: 'Max',
  gradients: ({ inputs: [a, b], dy }) => [
    () => sumToShape(shareOfWinner(dy, a, b), a.shape),
    () => sumToShape(shareOfWinner(dy, b, a), b.shape),
  ],
};

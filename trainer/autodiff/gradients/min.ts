import { shareOfWinner } from '../share-of-winner.ts';
import { sumToShape } from '../sum-to-shape.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = min(a, b)`: `dy` goes to the smaller one; equal ones get half each, as in torch. */
export const minGradient: GradientRule = {
  opType: 'Min',
  gradients: ({ inputs: [a, b], dy }) => [
    () => sumToShape(shareOfWinner(dy, b, a), a.shape),
    () => sumToShape(shareOfWinner(dy, a, b), b.shape),
  ],
};

import { shareOfExtreme } from '../share-of-winner.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = max of x over axes`: `dx = dy` where `x` equals `y`, shared evenly by equal ones, else 0. */
export const reduceMaxGradient: GradientRule = {
  opType: 'ReduceMax',
  gradients: (operation) => [() => shareOfExtreme(operation)],
};

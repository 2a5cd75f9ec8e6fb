import { shareOfExtreme } from '../share-of-winner.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = min of x over axes`: `dx = dy` where `x` equals `y`, shared evenly by equal ones, else 0. */
export const reduceMinGradient: GradientRule = {
  opType: 'ReduceMin',
  gradients: (operation) => [() => shareOfExtreme(operation)],
};

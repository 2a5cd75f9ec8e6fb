import { negate } from '../../graph/ops/index.ts';
import { sumToShape } from '../sum-to-shape.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = a - b`: `da = dy`, `db = -dy`, each summed over the axes along which it was stretched. */
export const subGradient: GradientRule = {
  opType: 'Sub',
  gradients: ({ inputs: [a, b], dy }) => [
    () => sumToShape(dy, a.shape),
    () => negate(sumToShape(dy, b.shape)),
  ],
};

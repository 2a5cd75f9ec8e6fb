import { negate } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = -x`: `dx = -dy`. */
export const negGradient: GradientRule = {
  opType: 'Neg',
  gradients: ({ dy }) => [() => negate(dy)],
};

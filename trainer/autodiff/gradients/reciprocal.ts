import { multiply, negate } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = 1 / x`: `dx = -dy * y * y`. */
export const reciprocalGradient: GradientRule = {
  opType: 'Reciprocal',
  gradients: ({ outputs: [y], dy }) => [() => negate(multiply(dy, multiply(y, y)))],
};

import { multiply } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = e ** x`: `dx = dy * y`. */
export const expGradient: GradientRule = {
  opType: 'Exp',
  gradients: ({ outputs: [y], dy }) => [() => multiply(dy, y)],
};

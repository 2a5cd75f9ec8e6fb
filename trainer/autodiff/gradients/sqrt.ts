import { divide, multiply } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = sqrt(x)`: `dx = dy / (2 * y)`. */
export const sqrtGradient: GradientRule = {
  opType: 'Sqrt',
  gradients: ({ outputs: [y], dy }) => [() => divide(multiply(dy, 0.5), y)],
};

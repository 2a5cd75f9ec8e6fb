import { multiply, subtract } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = 1 / (1 + e ** -x)`: `dx = dy * y * (1 - y)`. */
export const sigmoidGradient: GradientRule = {
  opType: 'Sigmoid',
  gradients: ({ outputs: [y], dy }) => [() => multiply(dy, multiply(y, subtract(1, y)))],
};

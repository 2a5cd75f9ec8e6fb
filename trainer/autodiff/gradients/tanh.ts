import { multiply, subtract } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = tanh(x)`: `dx = dy * (1 - y * y)`. */
export const tanhGradient: GradientRule = {
  opType: 'Tanh',
  gradients: ({ outputs: [y], dy }) => [() => multiply(dy, subtract(1, multiply(y, y)))],
};

import { multiply, sigmoid } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = log(1 + e ** x)`: `dx = dy * sigmoid(x)`. */
export const softplusGradient: GradientRule = {
  opType: 'Softplus',
  gradients: ({ inputs: [x], dy }) => [() => multiply(dy, sigmoid(x))],
};

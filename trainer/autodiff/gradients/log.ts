import { divide } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = log(x)`: `dx = dy / x`. */
export const logGradient: GradientRule = {
  opType: 'Log',
  gradients: ({ inputs: [x], dy }) => [() => divide(dy, x)],
};

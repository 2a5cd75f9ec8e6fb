import { multiply, sign } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = |x|`: `dx = dy * sign(x)`; 0 at 0. */
export const absGradient: GradientRule = {
  opType: 'Abs',
  gradients: ({ inputs: [x], dy }) => [() => multiply(dy, sign(x))],
};

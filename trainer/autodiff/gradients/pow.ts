import { log, multiply, power, subtract } from '../../graph/ops/index.ts';
import { sumToShape } from '../sum-to-shape.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = a ** b`: `da = dy * b * a ** (b - 1)`; `db = dy * y * log(a)`, which needs `a > 0`. */
export const powGradient: GradientRule = {
  opType: 'Pow',
  gradients: ({ inputs: [a, b], outputs: [y], dy }) => [
    () => sumToShape(multiply(dy, multiply(b, power(a, subtract(b, 1)))), a.shape),
    () => sumToShape(multiply(dy, multiply(y, log(a))), b.shape),
  ],
};

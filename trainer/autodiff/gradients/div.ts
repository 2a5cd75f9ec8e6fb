import { divide, multiply, negate } from '../../graph/ops/index.ts';
import { sumToShape } from '../sum-to-shape.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = a / b`: `da = dy / b`, `db = -dy * y / b`, each summed over the axes along which it was stretched. */
export const divGradient: GradientRule = {
  opType: 'Div',
  gradients: ({ inputs: [a, b], outputs: [y], dy }) => [
    () => sumToShape(divide(dy, b), a.shape),
    () => negate(sumToShape(divide(multiply(dy, y), b), b.shape)),
  ],
};

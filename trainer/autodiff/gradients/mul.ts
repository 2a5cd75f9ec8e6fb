import { multiply } from '../../graph/ops/index.ts';
import { sumToShape } from '../sum-to-shape.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = a * b`: `da = dy * b`, `db = dy * a`, each summed over the axes along which it was stretched. */
export const mulGradient: GradientRule = {
  opType: 'Mul',
  gradients: ({ inputs: [a, b], dy }) => [
    () => sumToShape(multiply(dy, b), a.shape),
    () => sumToShape(multiply(dy, a), b.shape),
  ],
};

import { sumToShape } from '../sum-to-shape.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = a + b`: `da = dy`, `db = dy`, each summed over the axes along which it was stretched. */
export const addGradient: GradientRule = {
  opType: 'Add',
  gradients: ({ inputs: [a, b], dy }) => [() => sumToShape(dy, a.shape), () => sumToShape(dy, b.shape)],
};

import { sumToShape } from '../sum-to-shape.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** Repeated axes: `dx = dy`, summed over the repetitions. */
export const expandGradient: GradientRule = {
  opType: 'Expand',
  gradients: ({ inputs: [x], dy }) => [() => sumToShape(dy, x.shape)],
};

import type { GradientRule } from '../gradient-rule.ts';

/** `y = x`: `dx = dy`. */
export const identityGradient: GradientRule = {
  opType: 'Identity',
  gradients: ({ dy }) => [() => dy],
};

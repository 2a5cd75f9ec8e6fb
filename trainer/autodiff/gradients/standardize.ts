import { readInts } from '../../graph/attribute.ts';
import { multiply, reduceMean, subtract } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/**
 * `y = (x - mean) * r` with `r = 1 / sqrt(variance + epsilon)`:
 * `dx = r * (dy - mean of dy - y * mean of (dy * y))`, the means over the same axes. From the result alone.
 */
export const standardizeGradient: GradientRule = {
  opType: 'Standardize',
  gradients: ({ outputs: [y, , , inverseDeviation], attributes, dy }) => [
    () => {
      const axes = readInts(attributes, 'axes');
      const along = multiply(y, reduceMean(multiply(dy, y), axes, true));
      return multiply(inverseDeviation, subtract(subtract(dy, reduceMean(dy, axes, true)), along));
    },
  ],
};

import { readFloat } from '../../graph/attribute.ts';
import { greater, multiply, where } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/**
 * `y = x` where `x > 0`, else `slope * x`: `dx = dy` or `slope * dy`. A slope of at least 0 keeps the sign, so the
 * result tells which, and `x` need not be kept.
 */
export const leakyReluGradient: GradientRule = {
  opType: 'LeakyRelu',
  gradients: ({ inputs: [x], outputs: [y], attributes, dy }) => {
    const slope = readFloat(attributes, 'alpha');
    return [() => where(greater(slope >= 0 ? y : x, 0), dy, multiply(dy, slope))];
  },
};

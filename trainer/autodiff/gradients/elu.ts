import { readFloat } from '../../graph/attribute.ts';
import { add, greater, multiply, where } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = x` where `x > 0`, else `alpha * (e ** x - 1)`: `dx = dy`, else `dy * (y + alpha)`. */
export const eluGradient: GradientRule = {
  opType: 'Elu',
  gradients: ({ inputs: [x], outputs: [y], attributes, dy }) => {
    const alpha = readFloat(attributes, 'alpha');
    return [() => where(greater(x, 0), dy, multiply(dy, add(y, alpha)))];
  },
};

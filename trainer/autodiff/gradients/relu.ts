import { greater, where } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = max(x, 0)`: `dx = dy` where `y > 0`, else 0. From the result, so that `x` need not be kept. */
export const reluGradient: GradientRule = {
  opType: 'Relu',
  gradients: ({ outputs: [y], dy }) => [() => where(greater(y, 0), dy, 0)],
};

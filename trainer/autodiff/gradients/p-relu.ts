import { greater, minimum, multiply, where } from '../../graph/ops/index.ts';
import { sumToShape } from '../sum-to-shape.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = x` where `x > 0`, else `s * x`: `dx = dy` or `s * dy`; `ds = sum of dy * min(x, 0)` over what shares a slope. */
export const pReluGradient: GradientRule = {
  opType: 'PRelu',
  gradients: ({ inputs: [x, slope], dy }) => [
    () => where(greater(x, 0), dy, multiply(dy, slope)),
    () => sumToShape(multiply(dy, minimum(x, 0)), slope.shape),
  ],
};

import { readInt } from '../../graph/attribute.ts';
import { multiply, reduceSum, subtract } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = softmax(x)`: `dx = y * (dy - sum of dy * y along the axis)`. From the result alone. */
export const softmaxGradient: GradientRule = {
  opType: 'Softmax',
  gradients: ({ outputs: [y], attributes, dy }) => [
    () => multiply(y, subtract(dy, reduceSum(multiply(dy, y), [readInt(attributes, 'axis')], true))),
  ],
};

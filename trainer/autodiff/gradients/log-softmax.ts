import { readInt } from '../../graph/attribute.ts';
import { exp, multiply, reduceSum, subtract } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = log(softmax(x))`: `dx = dy - e ** y * (sum of dy along the axis)`. From the result alone. */
export const logSoftmaxGradient: GradientRule = {
  opType: 'LogSoftmax',
  gradients: ({ outputs: [y], attributes, dy }) => [
    () => subtract(dy, multiply(exp(y), reduceSum(dy, [readInt(attributes, 'axis')], true))),
  ],
};

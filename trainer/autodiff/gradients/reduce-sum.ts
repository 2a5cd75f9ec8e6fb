import { expand } from '../../graph/ops/index.ts';
import { keepReducedAxes } from '../keep-reduced-axes.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = sum of x over axes`: `dx = dy`, repeated along them. */
export const reduceSumGradient: GradientRule = {
  opType: 'ReduceSum',
  gradients: (operation) => [
    () => expand(keepReducedAxes(operation, operation.dy), operation.inputs[0].shape),
  ],
};

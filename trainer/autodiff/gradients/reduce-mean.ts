import { sizeOf } from '../../graph/shape.ts';
import { expand, multiply } from '../../graph/ops/index.ts';
import { keepReducedAxes } from '../keep-reduced-axes.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = mean of x over axes`: `dx = dy / count`, repeated along them; `count` numbers go into one mean. */
export const reduceMeanGradient: GradientRule = {
  opType: 'ReduceMean',
  gradients: (operation) => {
    const {
      inputs: [x],
      outputs: [y],
      dy,
    } = operation;
    const share = sizeOf(y.shape) / sizeOf(x.shape);
    return [() => expand(keepReducedAxes(operation, multiply(dy, share)), x.shape)];
  },
};

import { readGeometry, reduceSum } from '../../graph/ops/index.ts';
import { range } from '../../graph/shape.ts';
import { convInputGradient } from '../conv-input-gradient.ts';
import { convWeightGradient } from '../conv-weight-gradient.ts';
import type { GradientRule } from '../gradient-rule.ts';

/**
 * `y = conv(x, w) + b`: `dx` and `dw` as in conv-input-gradient.ts and conv-weight-gradient.ts;
 * `db[o] = sum of dy[:, o, ...]`.
 */
export const convGradient: GradientRule = {
  opType: 'Conv',
  gradients: ({ inputs: [x, w], attributes, dy }) => {
    const geometry = readGeometry(attributes);
    return [
      () => convInputGradient(dy, w, x.shape, geometry),
      () => convWeightGradient(x, dy, geometry),
      () => reduceSum(dy, [0, ...range(2, dy.shape.length)]),
    ];
  },
};

import { conv, readGeometry, reduceSum } from '../../graph/ops/index.ts';
import { range } from '../../graph/shape.ts';
import { convWeightGradient } from '../conv-weight-gradient.ts';
import type { GradientRule } from '../gradient-rule.ts';

/**
 * `y = convTranspose(x, w) + b` is the adjoint of a convolution from `y` to `x`, so `dx = conv(dy, w)`, `dw` is the
 * kernel gradient of that convolution with the image `dy` and the output gradient `x`; `db[o] = sum of dy[:, o, ...]`.
 */
export const convTransposeGradient: GradientRule = {
  opType: 'ConvTranspose',
  gradients: ({ inputs: [x, w], attributes, dy }) => {
    const geometry = readGeometry(attributes);
    const { strides, dilations, group, padsBefore, padsAfter } = geometry;
    const pads = [...padsBefore, ...padsAfter];
    return [
      () => conv(dy, w, undefined, { strides, pads, dilations, group }),
      () => convWeightGradient(dy, x, geometry),
      () => reduceSum(dy, [0, ...range(2, dy.shape.length)]),
    ];
  },
};

import { readInts } from '../../graph/attribute.ts';
import { transpose } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** Axes in another order: `dx = dy` with the inverse order. */
export const transposeGradient: GradientRule = {
  opType: 'Transpose',
  gradients: ({ attributes, dy }) => {
    const permutation = readInts(attributes, 'perm');
    return [
      () =>
        transpose(
          dy,
          permutation.map((_, axis) => permutation.indexOf(axis)),
        ),
    ];
  },
};

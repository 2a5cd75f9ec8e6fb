import { readInt } from '../../graph/attribute.ts';
import { filled, scatterAdd } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** One entry per index: `dx` is 0 with `dy` added at those positions, as often as each was taken. */
export const gatherElementsGradient: GradientRule = {
  opType: 'GatherElements',
  gradients: ({ inputs: [x, indices], attributes, dy }) => [
    () => scatterAdd(filled(x.graph, x.shape, 0), indices, dy, readInt(attributes, 'axis')),
    undefined,
  ],
};

import { readInt } from '../../graph/attribute.ts';
import { sizeOf } from '../../graph/shape.ts';
import { expand, filled, reshape, scatterAdd } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** Entries by position: `dx` is 0 with `dy` added at those positions, as often as each was taken. */
export const gatherGradient: GradientRule = {
  opType: 'Gather',
  gradients: ({ inputs: [x, indices], attributes, dy }) => {
    const axis = readInt(attributes, 'axis');
    const outer = sizeOf(x.shape.slice(0, axis));
    const inner = sizeOf(x.shape.slice(axis + 1));
    const taken = sizeOf(indices.shape);
    return [
      () => {
        const zeros = filled(x.graph, [outer, x.shape[axis], inner], 0);
        const positions = expand(reshape(indices, [1, taken, 1]), [outer, taken, inner]);
        return reshape(scatterAdd(zeros, positions, reshape(dy, [outer, taken, inner]), 1), x.shape);
      },
      undefined,
    ];
  },
};

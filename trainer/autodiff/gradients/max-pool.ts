import { sizeOf } from '../../graph/shape.ts';
import { filled, reshape, scatterAdd } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/**
 * Largest of each window: `dx` is 0 with `dy` added where the largest stood. The second output of the node says where,
 * as positions in the whole flattened tensor.
 */
export const maxPoolGradient: GradientRule = {
  opType: 'MaxPool',
  gradients: ({ inputs: [x], outputs: [y, positions], dy }) => [
    () => {
      const flat = [sizeOf(y.shape)];
      const zeros = filled(x.graph, [sizeOf(x.shape)], 0);
      return reshape(scatterAdd(zeros, reshape(positions, flat), reshape(dy, flat), 0), x.shape);
    },
  ],
};

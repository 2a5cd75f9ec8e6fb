import { reshape } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** The same numbers under another shape: `dx = dy` under the shape of `x`. */
export const reshapeGradient: GradientRule = {
  opType: 'Reshape',
  gradients: ({ inputs: [x], dy }) => [() => reshape(dy, x.shape)],
};

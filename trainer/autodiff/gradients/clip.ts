import { greaterOrEqual, lessOrEqual, logicalAnd, where } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = min(max(x, lower), upper)`: `dx = dy` where `lower <= x <= upper`, else 0. */
export const clipGradient: GradientRule = {
  opType: 'Clip',
  gradients: ({ inputs: [x, lower, upper], dy }) => [
    () => where(logicalAnd(greaterOrEqual(x, lower), lessOrEqual(x, upper)), dy, 0),
  ],
};

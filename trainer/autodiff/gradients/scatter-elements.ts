import { readInt } from '../../graph/attribute.ts';
import { gatherElements } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `updates` added to `x` at some positions: `dx = dy`, and `updates` get `dy` at their positions. */
export const scatterElementsGradient: GradientRule = {
  opType: 'ScatterElements',
  gradients: ({ inputs: [, indices], attributes, dy }) => [
    () => dy,
    undefined,
    () => gatherElements(dy, indices, readInt(attributes, 'axis')),
  ],
};

import { readInts } from '../../graph/attribute.ts';
import { reverse } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** Mirrored axes: `dx = dy`, mirrored back. */
export const reverseGradient: GradientRule = {
  opType: 'Reverse',
  gradients: ({ attributes, dy }) => [() => reverse(dy, readInts(attributes, 'axes'))],
};

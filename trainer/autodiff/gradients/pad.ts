import { readInt64s, slice } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** A border around `x`: `dx` is the part of `dy` without it. */
export const padGradient: GradientRule = {
  opType: 'Pad',
  gradients: ({ inputs: [x, pads], dy }) => {
    const starts = readInt64s(pads).slice(0, x.shape.length);
    return [() => slice(dy, { starts, ends: starts.map((start, axis) => start + x.shape[axis]) })];
  },
};

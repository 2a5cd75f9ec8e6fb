import { readInt } from '../../graph/attribute.ts';
import { slice } from '../../graph/ops/index.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** Tensors one behind the other: each gets its part of `dy`. */
export const concatGradient: GradientRule = {
  opType: 'Concat',
  gradients: ({ inputs, attributes, dy }) => {
    const axis = readInt(attributes, 'axis');
    let end = 0;
    return inputs.map(({ shape }) => {
      const start = end;
      end += shape[axis];
      const part = { starts: [start], ends: [end], axes: [axis] };
      return () => slice(dy, part);
    });
  },
};

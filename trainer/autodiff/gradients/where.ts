import { where } from '../../graph/ops/index.ts';
import { sumToShape } from '../sum-to-shape.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = a` where the condition holds, else `b`: `dy` goes to the chosen side, 0 to the other. */
export const whereGradient: GradientRule = {
  opType: 'Where',
  gradients: ({ inputs: [condition, a, b], dy }) => [
    undefined,
    () => sumToShape(where(condition, dy, 0), a.shape),
    () => sumToShape(where(condition, 0, dy), b.shape),
  ],
};

import { range } from '../../graph/shape.ts';
import { matMul, transpose } from '../../graph/ops/index.ts';
import { sumToShape } from '../sum-to-shape.ts';
import type { Value } from '../../graph/value.ts';
import type { GradientRule } from '../gradient-rule.ts';

/** `y = a b`: `da = dy b^T`, `db = a^T dy`, each summed over the stacked axes along which it was stretched. */
export const matMulGradient: GradientRule = {
  opType: 'MatMul',
  gradients: ({ inputs: [a, b], dy }) => [
    () => sumToShape(matMul(dy, swapLastAxes(b)), a.shape),
    () => sumToShape(matMul(swapLastAxes(a), dy), b.shape),
  ],
};

function swapLastAxes(x: Value): Value {
  const rank = x.shape.length;
  return transpose(x, [...range(0, rank - 2), rank - 1, rank - 2]);
}

import { ints } from '../attribute.ts';
import { formatShape, graphError, normalizeAxes } from '../shape.ts';
import type { Value } from '../value.ts';

/** Axis `i` of the result is axis `permutation[i]` of `x`. */
export function transpose(x: Value, permutation: readonly number[]): Value {
  if (normalizeAxes('Transpose', permutation, x.shape.length).length !== x.shape.length)
    throw graphError('Transpose', `${formatShape(permutation)} must name every axis once`, x);
  const shape = permutation.map((axis) => x.shape[axis]);
  return x.graph.node('Transpose', [x], { perm: ints(permutation) }, [{ dtype: x.dtype, shape }])[0];
}

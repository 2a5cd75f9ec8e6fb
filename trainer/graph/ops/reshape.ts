import { formatShape, graphError, sameShape, sizeOf } from '../shape.ts';
import type { Shape, Value } from '../value.ts';
import { int64s } from './operand.ts';

/** The same numbers in the same order under another shape. One size may be -1: it takes what is left. */
export function reshape(x: Value, shape: Shape): Value {
  const known = sizeOf(shape.filter((size) => size !== -1));
  const target = shape.map((size) => (size === -1 ? sizeOf(x.shape) / known : size));
  const fits = target.every(Number.isInteger) && sizeOf(target) === sizeOf(x.shape);
  if (!fits || shape.filter((size) => size === -1).length > 1)
    throw graphError('Reshape', `the numbers do not fit ${formatShape(shape)}`, x);
  if (sameShape(target, x.shape)) return x;
  return x.graph.node('Reshape', [x, int64s(x, target)], {}, [{ dtype: x.dtype, shape: target }])[0];
}

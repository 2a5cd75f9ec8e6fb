import { range, sameShape } from '../graph/shape.ts';
import { reduceSum, reshape } from '../graph/ops/index.ts';
import type { Shape, Value } from '../graph/value.ts';

/**
 * The adjoint of broadcasting: sums over every axis that was stretched, so that the result has the shape of the
 * operand.
 */
export function sumToShape(gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const added = gradient.shape.length - shape.length;
  const stretched = range(0, gradient.shape.length).filter(
    (axis) => axis < added || (shape[axis - added] === 1 && gradient.shape[axis] !== 1),
  );
  return reshape(reduceSum(gradient, stretched, true), shape);
}

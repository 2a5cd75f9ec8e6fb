import { broadcastShapes, formatShape, graphError, sameShape } from '../shape.ts';
import type { GraphBuilder, Shape, Value } from '../value.ts';
import { int64s } from './operand.ts';

/** The tensor repeated along axes of size 1, and along new axes in front, until it has the shape. */
export function expand(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes('Expand', x, { dtype: x.dtype, shape }), shape))
    throw graphError('Expand', `cannot become ${formatShape(shape)}`, x);
  return x.graph.node('Expand', [x, int64s(x, shape)], {}, [{ dtype: x.dtype, shape }])[0];
}

/** A float32 tensor of that shape that holds one number everywhere. */
export const filled = (graph: GraphBuilder, shape: Shape, number: number): Value =>
  expand(graph.scalar(number), shape);

import { int } from '../attribute.ts';
import { normalizeAxis } from '../shape.ts';
import type { Value } from '../value.ts';

function alongAxis(opType: 'Softmax' | 'LogSoftmax', x: Value, axis: number): Value {
  const attributes = { axis: int(normalizeAxis(opType, axis, x.shape.length)) };
  return x.graph.node(opType, [x], attributes, [{ dtype: x.dtype, shape: x.shape }])[0];
}

/** `e ** x`, scaled so that it sums to 1 along the axis. */
export const softmax = (x: Value, axis: number): Value => alongAxis('Softmax', x, axis);
/** The logarithm of {@link softmax}, computed safely. */
export const logSoftmax = (x: Value, axis: number): Value => alongAxis('LogSoftmax', x, axis);

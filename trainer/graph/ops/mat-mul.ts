import { broadcastShapes, graphError } from '../shape.ts';
import type { Value } from '../value.ts';

/** Matrix product over the last two axes, `[..., m, k] x [..., k, n]`; the axes before them broadcast. */
export function matMul(a: Value, b: Value): Value {
  if (a.shape.length < 2 || b.shape.length < 2 || a.dtype !== b.dtype)
    throw graphError('MatMul', 'both operands must have at least two axes and one element type', a, b);
  const [m, k] = a.shape.slice(-2);
  const [rows, n] = b.shape.slice(-2);
  if (k !== rows) throw graphError('MatMul', `${k} columns meet ${rows} rows`, a, b);
  const stack = (x: Value): { dtype: Value['dtype']; shape: number[] } => ({
    dtype: x.dtype,
    shape: x.shape.slice(0, -2),
  });
  const shape = [...broadcastShapes('MatMul', stack(a), stack(b)), m, n];
  return a.graph.node('MatMul', [a, b], {}, [{ dtype: a.dtype, shape }])[0];
}

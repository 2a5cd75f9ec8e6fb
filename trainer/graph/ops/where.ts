import { broadcastShapes, graphError } from '../shape.ts';
import type { Value } from '../value.ts';
import { operandPair, type Operand } from './operand.ts';

/** `a` where the condition holds, else `b`, with broadcasting. Only the chosen side gets a gradient. */
export function where(condition: Value, left: Operand, right: Operand): Value {
  const [a, b] = operandPair('Where', left, right);
  if (condition.dtype !== 'bool' || a.dtype !== b.dtype)
    throw graphError('Where', 'takes a bool condition and two tensors of one element type', condition, a, b);
  const shape = broadcastShapes('Where', condition, a, b);
  return a.graph.node('Where', [condition, a, b], {}, [{ dtype: a.dtype, shape }])[0];
}

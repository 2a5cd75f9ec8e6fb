import { broadcastShapes, graphError } from '../shape.ts';
import type { Value } from '../value.ts';
import { operandPair, type Operand } from './operand.ts';

function compare(opType: string, left: Operand, right: Operand): Value {
  const [a, b] = operandPair(opType, left, right);
  if (a.dtype !== b.dtype) throw graphError(opType, 'the element types differ', a, b);
  return a.graph.node(opType, [a, b], {}, [{ dtype: 'bool', shape: broadcastShapes(opType, a, b) }])[0];
}

/** `a === b` as bool. No gradient passes through comparisons. */
export const equal = (a: Operand, b: Operand): Value => compare('Equal', a, b);
/** `a > b` as bool. */
export const greater = (a: Operand, b: Operand): Value => compare('Greater', a, b);
/** `a >= b` as bool. */
export const greaterOrEqual = (a: Operand, b: Operand): Value => compare('GreaterOrEqual', a, b);
/** `a < b` as bool. */
export const less = (a: Operand, b: Operand): Value => compare('Less', a, b);
/** `a <= b` as bool. */
export const lessOrEqual = (a: Operand, b: Operand): Value => compare('LessOrEqual', a, b);

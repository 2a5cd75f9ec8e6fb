import { broadcastShapes, graphError } from '../shape.ts';
import type { Value } from '../value.ts';
import { operandPair, type Operand } from './operand.ts';

type BinaryOperator = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'Max' | 'Min';

function binary(opType: BinaryOperator, left: Operand, right: Operand): Value {
  const [a, b] = operandPair(opType, left, right);
  if (a.dtype !== b.dtype) throw graphError(opType, 'the element types differ', a, b);
  const shape = broadcastShapes(opType, a, b);
  return a.graph.node(opType, [a, b], {}, [{ dtype: a.dtype, shape }])[0];
}

/** `a + b`, elementwise with broadcasting. */
export const add = (a: Operand, b: Operand): Value => binary('Add', a, b);
/** `a - b`, elementwise with broadcasting. */
export const subtract = (a: Operand, b: Operand): Value => binary('Sub', a, b);
/** `a * b`, elementwise with broadcasting. */
export const multiply = (a: Operand, b: Operand): Value => binary('Mul', a, b);
/** `a / b`, elementwise with broadcasting. */
export const divide = (a: Operand, b: Operand): Value => binary('Div', a, b);
/** `a ** b`, elementwise with broadcasting. */
export const power = (a: Operand, b: Operand): Value => binary('Pow', a, b);
/** The larger of `a` and `b`, elementwise with broadcasting. */
export const maximum = (a: Operand, b: Operand): Value => binary('Max', a, b);
/** The smaller of `a` and `b`, elementwise with broadcasting. */
export const minimum = (a: Operand, b: Operand): Value => binary('Min', a, b);

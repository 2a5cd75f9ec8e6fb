import { broadcastShapes, graphError } from '../shape.ts';
import type { Value } from '../value.ts';

function logical(opType: string, ...operands: Value[]): Value {
  if (operands.some(({ dtype }) => dtype !== 'bool'))
    throw graphError(opType, 'takes bool only', ...operands);
  const shape = broadcastShapes(opType, ...operands);
  return operands[0].graph.node(opType, operands, {}, [{ dtype: 'bool', shape }])[0];
}

export const logicalNot = (x: Value): Value => logical('Not', x);
export const logicalAnd = (a: Value, b: Value): Value => logical('And', a, b);
export const logicalOr = (a: Value, b: Value): Value => logical('Or', a, b);

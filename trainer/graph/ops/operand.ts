import type { Value } from '../value.ts';

/** What an elementwise function takes: a tensor, or a number that becomes a constant of the other one's type. */
export type Operand = Value | number;

/** Both operands as tensors of one graph. Throws when neither is one. */
export function operandPair(operator: string, a: Operand, b: Operand): [Value, Value] {
  if (typeof a !== 'number') return [a, typeof b === 'number' ? constantLike(a, b) : b];
  if (typeof b !== 'number') return [constantLike(b, a), b];
  throw new Error(`${operator}: one operand must be a tensor, not both numbers`);
}

/** The number as a constant of shape `[]` with the element type of `like`. */
export function constantLike(like: Value, number: number): Value {
  const { graph, dtype } = like;
  if (dtype === 'float32') return graph.scalar(number);
  if (dtype === 'int64') return graph.constant(BigInt64Array.of(BigInt(number)), []);
  if (dtype === 'int32') return graph.constant(Int32Array.of(number), []);
  return graph.constant(Uint8Array.of(number), [], dtype);
}

/** Whole numbers as a constant of one axis, as Slice, Pad, Reshape and the reductions take their settings. */
export const int64s = (like: Value, numbers: readonly number[]): Value =>
  like.graph.constant(BigInt64Array.from(numbers, BigInt), [numbers.length]);

/** The whole numbers that a node was given as a constant, e.g. the axes of a reduction. Throws for other values. */
export function readInt64s(value: Value): number[] {
  const data = value.graph.dataOf(value);
  if (!(data instanceof BigInt64Array)) throw new Error(`"${value.name}" is not a constant of whole numbers`);
  return Array.from(data, Number);
}

import { readInt64s, reshape } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import type { Operation } from './gradient-rule.ts';

/** A value with the shape of a reduction's result, with the reduced axes put back as axes of size 1. */
export function keepReducedAxes({ inputs: [x, axes] }: Operation, value: Value): Value {
  const reduced = readInt64s(axes);
  return reshape(
    value,
    x.shape.map((size, axis) => (reduced.includes(axis) ? 1 : size)),
  );
}

import {
  add,
  cast,
  divide,
  equal,
  greater,
  greaterOrEqual,
  multiply,
  readInt64s,
  reduceSum,
} from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import type { Operation } from './gradient-rule.ts';
import { keepReducedAxes } from './keep-reduced-axes.ts';

/** `dy` where `a > b`, half of it where they are equal, else 0. */
export function shareOfWinner(dy: Value, a: Value, b: Value): Value {
  const wins = cast(greater(a, b), 'float32');
  const winsOrTies = cast(greaterOrEqual(a, b), 'float32');
  return multiply(dy, multiply(add(wins, winsOrTies), 0.5));
}

/** `dy` where the input equals the largest (or smallest) number along the reduced axes, shared evenly by equal ones. */
export function shareOfExtreme(operation: Operation): Value {
  const {
    inputs: [x, axes],
    outputs: [y],
    dy,
  } = operation;
  const chosen = cast(equal(x, keepReducedAxes(operation, y)), 'float32');
  const share = divide(keepReducedAxes(operation, dy), reduceSum(chosen, readInt64s(axes), true));
  return multiply(chosen, share);
}

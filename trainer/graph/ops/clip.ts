import type { Value } from '../value.ts';
import { constantLike } from './operand.ts';

/** `x` kept within `lower` and `upper`. The gradient passes inside of the bounds, both included. */
export function clip(x: Value, lower: number, upper: number): Value {
  if (!(lower <= upper)) throw new Error(`Clip: the lower bound ${lower} is above the upper bound ${upper}`);
  const bounds = [constantLike(x, lower), constantLike(x, upper)];
  return x.graph.node('Clip', [x, ...bounds], {}, [{ dtype: x.dtype, shape: x.shape }])[0];
}

import { broadcastShapes, graphError, sameShape } from '../shape.ts';
import type { Value } from '../value.ts';
import { multiply } from './arithmetic.ts';
import { cast } from './cast.ts';

/**
 * `x * mask / (1 - p)`: keeps what the mask (0 or 1, any element type) keeps and scales it up, so that the mean stays.
 * The mask is an input of the graph, drawn outside of it: the shape of `x` for elementwise dropout, `[N, C, 1, 1, 1]`
 * for whole channels. `p`, the share that is dropped, lies in `[0, 1)`.
 */
export function dropoutWithMask(x: Value, mask: Value, p: number): Value {
  if (!(p >= 0 && p < 1)) throw new Error(`dropout: the share ${p} must be at least 0 and below 1`);
  if (!sameShape(broadcastShapes('dropout', x, mask), x.shape))
    throw graphError('dropout', 'the mask must broadcast to the input', x, mask);
  return multiply(x, multiply(cast(mask, x.dtype), 1 / (1 - p)));
}

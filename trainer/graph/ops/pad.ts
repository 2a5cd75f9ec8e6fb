import { string } from '../attribute.ts';
import { graphError } from '../shape.ts';
import type { Shape, Value } from '../value.ts';
import { constantLike, int64s } from './operand.ts';

/** How far to grow each axis. */
export interface PadOptions {
  /** Positions added before the first one, per axis. */
  readonly before: Shape;
  /** Positions added behind the last one, per axis. */
  readonly after: Shape;
  /** The number that fills them. Default 0. */
  readonly value?: number;
}

/** The tensor with a border of one number. */
export function pad(x: Value, { before, after, value = 0 }: PadOptions): Value {
  const rank = x.shape.length;
  if (before.length !== rank || after.length !== rank || [...before, ...after].some((size) => size < 0))
    throw graphError('Pad', `before [${before}] and after [${after}] must be ${rank} sizes each`, x);
  if ([...before, ...after].every((size) => size === 0)) return x;
  const shape = x.shape.map((size, axis) => before[axis] + size + after[axis]);
  const inputs = [x, int64s(x, [...before, ...after]), constantLike(x, value)];
  return x.graph.node('Pad', inputs, { mode: string('constant') }, [{ dtype: x.dtype, shape }])[0];
}

import { normalizeAxes } from '../shape.ts';
import type { Value } from '../value.ts';
import { int64s } from './operand.ts';

/** The tensor mirrored along the axes. A composite around a Slice with steps of -1. */
export function reverse(x: Value, axes: readonly number[]): Value {
  const mirrored = normalizeAxes('Reverse', axes, x.shape.length);
  const fill = (number: number): Value =>
    int64s(
      x,
      mirrored.map(() => number),
    );
  return x.graph.composite('Reverse', [x], { axes: { kind: 'ints', value: mirrored } }, () =>
    x.graph.node('Slice', [x, fill(-1), fill(-(2 ** 31)), int64s(x, mirrored), fill(-1)], {}, [x]),
  )[0];
}

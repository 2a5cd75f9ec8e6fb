import { int } from '../attribute.ts';
import { graphError, normalizeAxis } from '../shape.ts';
import type { Value } from '../value.ts';

/** The tensors one behind the other along the axis; the other axes must agree. */
export function concat(xs: readonly Value[], axis: number): Value {
  if (xs.length === 0) throw new Error('Concat: nothing to join');
  const [first] = xs;
  const along = normalizeAxis('Concat', axis, first.shape.length);
  const fits = ({ dtype, shape }: Value): boolean =>
    dtype === first.dtype &&
    shape.length === first.shape.length &&
    shape.every((size, at) => at === along || size === first.shape[at]);
  if (!xs.every(fits)) throw graphError('Concat', `only axis ${along} may differ`, ...xs);
  if (xs.length === 1) return first;
  const total = xs.reduce((sum, { shape }) => sum + shape[along], 0);
  const shape = first.shape.with(along, total);
  return first.graph.node('Concat', xs, { axis: int(along) }, [{ dtype: first.dtype, shape }])[0];
}

import { graphError, normalizeAxis } from '../shape.ts';
import type { Value } from '../value.ts';
import { cast } from './cast.ts';
import { equal } from './compare.ts';

/**
 * Class numbers as one float32 plane per class, 1 where the label is that class. The axis must have size 1 in
 * `labels` and has size `classes` in the result; a label outside of `0 .. classes - 1` gives 0 in every plane.
 * No gradient passes.
 */
export function oneHot(labels: Value, classes: number, axis: number): Value {
  const along = normalizeAxis('OneHot', axis, labels.shape.length);
  if (labels.shape[along] !== 1) throw graphError('OneHot', `axis ${along} must have size 1`, labels);
  const shape = labels.shape.map((_, at) => (at === along ? classes : 1));
  const { graph } = labels;
  const numbers = Array.from({ length: classes }, (_, index) => index);
  const planes =
    labels.dtype === 'float32'
      ? equal(labels, graph.constant(Float32Array.from(numbers), shape))
      : equal(cast(labels, 'int32'), graph.constant(Int32Array.from(numbers), shape));
  return cast(planes, 'float32');
}

import { int, string } from '../attribute.ts';
import { graphError, normalizeAxis, sameShape } from '../shape.ts';
import type { Value } from '../value.ts';

/** Entries of `x` along the axis, by position: the axes of `indices` (int32 or int64) take the place of the axis. */
export function gather(x: Value, indices: Value, axis = 0): Value {
  const along = normalizeAxis('Gather', axis, x.shape.length);
  const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
  return x.graph.node('Gather', [x, checkIndices('Gather', indices)], { axis: int(along) }, [
    { dtype: x.dtype, shape },
  ])[0];
}

/** One entry of `x` per index: `y[..., p, ...] = x[..., indices[..., p, ...], ...]`. Ranks must agree. */
export function gatherElements(x: Value, indices: Value, axis: number): Value {
  const along = normalizeAxis('GatherElements', axis, x.shape.length);
  checkElementwise('GatherElements', x, indices, along);
  return x.graph.node('GatherElements', [x, indices], { axis: int(along) }, [
    { dtype: x.dtype, shape: indices.shape },
  ])[0];
}

/**
 * `x` with `updates` added at the positions that {@link gatherElements} would read: every update counts, also those
 * that meet at one position.
 */
export function scatterAdd(x: Value, indices: Value, updates: Value, axis: number): Value {
  const along = normalizeAxis('ScatterElements', axis, x.shape.length);
  checkElementwise('ScatterElements', x, indices, along);
  if (!sameShape(indices.shape, updates.shape) || x.dtype !== updates.dtype)
    throw graphError('ScatterElements', 'indices and updates must agree in shape', x, indices, updates);
  const attributes = { axis: int(along), reduction: string('add') };
  return x.graph.node('ScatterElements', [x, indices, updates], attributes, [x])[0];
}

function checkIndices(operator: string, indices: Value): Value {
  if (indices.dtype !== 'int64' && indices.dtype !== 'int32')
    throw graphError(operator, 'indices must be int32 or int64', indices);
  return indices;
}

function checkElementwise(operator: string, x: Value, indices: Value, along: number): void {
  checkIndices(operator, indices);
  const fits =
    indices.shape.length === x.shape.length &&
    indices.shape.every((size, axis) => axis === along || size <= x.shape[axis]);
  if (!fits) throw graphError(operator, 'indices must lie within the tensor on the other axes', x, indices);
}

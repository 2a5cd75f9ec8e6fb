import { spatialShapeOf, type Tensor } from '../../data/tensor.ts';
import { gatherAxes, keepAxis, mirrorAxis } from './gather.ts';

/** Mirrors the given spatial axes (0 is x). */
export function flipAxes(tensor: Tensor, axes: readonly number[]): Tensor {
  if (axes.length === 0) return tensor;
  const shape = spatialShapeOf(tensor);
  return gatherAxes(
    tensor,
    shape.map((size, axis) => (axes.includes(axis) ? mirrorAxis(size) : keepAxis(size))),
  );
}

/** Spatial axes as 0, 1, 2 ...; negative ones count from the end, none means all. */
export function resolveAxes(
  axes: number | readonly number[] | null | undefined,
  rank: number,
): readonly number[] {
  if (axes === null || axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = typeof axes === 'number' ? [axes] : axes;
  return list.map((axis) => (axis < 0 ? axis + rank : axis));
}

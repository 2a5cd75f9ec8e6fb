import { string } from '../attribute.ts';
import { graphError } from '../shape.ts';
import type { Value } from '../value.ts';

/**
 * Twice the size on every spatial axis, linear between voxel centres (torch: `align_corners=False`); at the border the
 * last voxel goes on. Takes `[N, C, ...]` with one to three spatial axes.
 */
export function resizeTrilinear2x(x: Value): Value {
  const spatial = x.shape.slice(2);
  if (spatial.length < 1 || spatial.length > 3)
    throw graphError('Resize', 'takes one to three spatial axes', x);
  const scales = x.graph.constant(
    Float32Array.from(x.shape, (_, axis) => (axis < 2 ? 1 : 2)),
    [x.shape.length],
  );
  const attributes = { mode: string('linear'), coordinate_transformation_mode: string('half_pixel') };
  const shape = [...x.shape.slice(0, 2), ...spatial.map((size) => size * 2)];
  return x.graph.node('Resize', [x, undefined, scales], attributes, [{ dtype: x.dtype, shape }])[0];
}

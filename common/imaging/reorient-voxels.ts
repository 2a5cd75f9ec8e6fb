import type { Reorientation } from './orientation.ts';
import type { NumberArray } from './voxel-array.ts';

/**
 * Turns a volume of the given sizes (x, y, z; x fastest) and writes it to `target`, x fastest again: first the axes in
 * `flips` are mirrored, then axis i of the target takes axis `order[i]`.
 *
 * @param offset where the volume begins in `source`
 * @param step distance of neighbouring voxels in `source`: the number of channels where they are interleaved
 */
export function reorientVoxels<Voxels extends NumberArray>(
  source: Voxels,
  shape: readonly number[],
  { order, flips }: Reorientation,
  target: Voxels,
  { offset = 0, step = 1 }: { readonly offset?: number; readonly step?: number } = {},
): Voxels {
  const strides = [step, shape[0]! * step, shape[0]! * shape[1]! * step];
  const [steps, sizes] = [
    order.map((axis) => (flips.includes(axis) ? -strides[axis]! : strides[axis]!)),
    order.map((axis) => shape[axis]!),
  ];
  const first = flips.reduce((start, axis) => start + (shape[axis]! - 1) * strides[axis]!, offset);
  const rowLength = sizes[0]!;
  let to = 0;
  for (let plane = 0; plane < sizes[2]!; plane++) {
    for (let row = 0; row < sizes[1]!; row++) {
      const from = first + plane * steps[2]! + row * steps[1]!;
      // The engine's own copying and reversing do not slow down when other types of voxels were turned before.
      if (steps[0] === 1) target.set(source.subarray(from, from + rowLength), to);
      else if (steps[0] === -1) {
        target.set(source.subarray(from - rowLength + 1, from + 1), to);
        target.subarray(to, to + rowLength).reverse();
      } else copyStrided(source, from, steps[0]!, target, to, rowLength);
      to += rowLength;
    }
  }
  return target;
}

function copyStrided<Voxels extends NumberArray>(
  source: Voxels,
  from: number,
  step: number,
  target: Voxels,
  to: number,
  count: number,
): void {
  let at = from;
  for (let index = to; index < to + count; index++) {
    target[index] = source[at]!;
    at += step;
  }
}

import { spatialShapeOf, type Tensor } from '../../data/tensor.ts';
import { gatherAxes, type AxisMap } from './gather.ts';

/** What padding is made of, by numpy's names; `constant` is a fixed value. */
export type WindowPadding = 'constant' | 'edge' | 'reflect' | 'symmetric' | 'wrap';

/**
 * The box of `size` voxels that begins at voxel `start`: a crop where it lies inside the image, padding where it does not
 * (`start` may be negative).
 */
export function extractWindow(
  tensor: Tensor,
  start: readonly number[],
  size: readonly number[],
  padding: WindowPadding = 'constant',
  fill = 0,
): Tensor {
  const shape = spatialShapeOf(tensor);
  return gatherAxes(
    tensor,
    shape.map((length, axis) => windowMap(start[axis], size[axis], length, padding)),
    fill,
  );
}

/** Puts a window back: an image of `shape` with zeros around; what hung over is cut off. */
export function placeWindow(window: Tensor, start: readonly number[], shape: readonly number[]): Tensor {
  return extractWindow(
    window,
    start.map((first) => -first),
    shape,
  );
}

function windowMap(start: number, size: number, length: number, padding: WindowPadding): AxisMap {
  return Int32Array.from({ length: size }, (_, index) => padIndex(start + index, length, padding));
}

/** The voxel that an index outside of the image stands for. */
function padIndex(index: number, length: number, padding: WindowPadding): number {
  if (index >= 0 && index < length) return index;
  switch (padding) {
    case 'constant':
      return -1;
    case 'edge':
      return index < 0 ? 0 : length - 1;
    case 'wrap':
      return modulo(index, length);
    case 'symmetric': {
      const place = modulo(index, 2 * length);
      return place < length ? place : 2 * length - 1 - place;
    }
    case 'reflect': {
      if (length === 1) return 0;
      const place = modulo(index, 2 * length - 2);
      return place < length ? place : 2 * length - 2 - place;
    }
  }
}

const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;

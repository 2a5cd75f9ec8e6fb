import type { Item } from '../../data/item.ts';
import { findTensor } from '../item-access.ts';
import { extractWindow, type WindowPadding } from '../motions/window.ts';
import { recordMotion } from '../record-motion.ts';

/** A box of voxels, in the voxels of the image that it is taken from; it may hang over. */
export interface Box {
  readonly start: readonly number[];
  readonly size: readonly number[];
}

/**
 * The item with the image under `key` replaced by a box of it, and that recorded. As in MONAI 0.8.1 the affine in the metadata
 * is left alone.
 */
export function cutWindow(
  item: Item,
  key: string,
  box: Box,
  name: string,
  padding: WindowPadding = 'constant',
): Item {
  const tensor = findTensor(item, key, { keys: key }, name);
  if (tensor === undefined) return item;
  return recordMotion(item, tensor, {
    name,
    key,
    moved: extractWindow(tensor, box.start, box.size, padding),
    inverse: { type: 'window', start: box.start },
  });
}

/** The box in the middle, no larger than the image: MONAI's CenterSpatialCrop. */
export function centreBox(shape: readonly number[], size: readonly number[]): Box {
  return limitBox(
    shape.map((length, axis) => Math.max(Math.floor(length / 2) - Math.floor(size[axis] / 2), 0)),
    size,
    shape,
  );
}

/** The box that begins at `start`, cut off where the image ends. */
export function limitBox(start: readonly number[], size: readonly number[], shape: readonly number[]): Box {
  return {
    start,
    size: size.map((length, axis) => Math.min(start[axis] + length, shape[axis]) - start[axis]),
  };
}

import {
  cropForegroundSpec,
  type CropForegroundArgs,
} from '../../../common/components/transforms/crop-pad.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Item } from '../../data/item.ts';
import { spatialShapeOf, stridesOf, type Tensor } from '../../data/tensor.ts';
import { fileOf, listKeys, spreadOverKeys, tensorAt } from '../item-access.ts';
import { requireSameSizes } from '../require-same-sizes.ts';
import type { Transform } from '../transform.ts';
import { cutWindow, type Box } from './record-window.ts';

/**
 * `monai.transforms.CropForegroundd` (0.8.1): crops all keys to the box around what is above 0 in the source, grown by the
 * margin as far as the image goes and then, centred, to multiples of `k_divisible`, with padding where that leaves the image.
 * The box goes into the item under `start_coord_key` and `end_coord_key` (voxel behind the last one).
 *
 * Fault `image-unreadable` when nothing of the source is above 0, where MONAI would go on with an empty image.
 */
export function createCropForeground(args: CropForegroundArgs): Transform {
  const { name } = cropForegroundSpec;
  const keys = listKeys(args);
  const modes = spreadOverKeys(args.mode, keys, name, 'mode');

  return {
    name,
    apply(item) {
      requireSameSizes(item, [args.source_key, ...keys], name);
      const box = findBox(item, args);
      const marked: Item = {
        ...item,
        [args.start_coord_key]: box.start,
        [args.end_coord_key]: box.start.map((first, axis) => first + box.size[axis]),
      };
      return keys.reduce(
        (current, key, index) =>
          current[key] === undefined && args.allow_missing_keys
            ? current
            : cutWindow(current, key, box, name, modes[index]),
        marked,
      );
    },
  };
}

function findBox(item: Item, args: CropForegroundArgs): Box {
  const source = tensorAt(item, args.source_key, cropForegroundSpec.name);
  const channels = listChannels(item, source, args);
  const bounds = findBounds(source, channels);
  if (bounds === undefined) throw nothingSelected(item, args.source_key);
  const margin = repeat(args.margin, bounds.first.length);
  const multiple = repeat(args.k_divisible, bounds.first.length);
  const shape = spatialShapeOf(source);
  const start: number[] = [];
  const size: number[] = [];
  shape.forEach((_, axis) => {
    const begin = Math.max(bounds.first[axis] - margin[axis], 0);
    const length = bounds.last[axis] + margin[axis] + 1 - begin;
    const grown = multiple[axis] > 0 ? Math.ceil(length / multiple[axis]) * multiple[axis] : length;
    start.push(begin - Math.floor((grown - length) / 2));
    size.push(grown);
  });
  return { start, size };
}

const repeat = (value: number | readonly number[], count: number): readonly number[] =>
  typeof value === 'number' ? new Array<number>(count).fill(value) : value;

function listChannels(
  item: Item,
  { shape }: Tensor,
  { channel_indices: chosen, source_key }: CropForegroundArgs,
) {
  if (chosen === null || chosen === undefined)
    return Array.from({ length: shape[0] }, (_, channel) => channel);
  const channels = typeof chosen === 'number' ? [chosen] : chosen;
  if (channels.every((channel) => channel < shape[0])) return channels;
  throw new FaultError({
    code: 'wrong-argument',
    ...fileOf(item, source_key),
    component: cropForegroundSpec.name,
    argument: 'channel_indices',
    message: `"${source_key}" has ${shape[0]} channels.`,
    allowed: `0 to ${shape[0] - 1}`,
  });
}

interface Bounds {
  readonly first: number[];
  readonly last: number[];
}

/** First and last index along each axis with a value above 0 in one of the channels. */
function findBounds(source: Tensor, channels: readonly number[]): Bounds | undefined {
  const shape = spatialShapeOf(source);
  const strides = stridesOf(source.shape);
  const rowLength = shape[shape.length - 1];
  const bounds: Bounds = { first: shape.map(() => Infinity), last: shape.map(() => -1) };
  for (const channel of channels) {
    for (let row = channel * strides[0]; row < (channel + 1) * strides[0]; row += rowLength) {
      let first = 0;
      while (first < rowLength && !(source.data[row + first] > 0)) first++;
      if (first === rowLength) continue;
      let last = rowLength - 1;
      while (!(source.data[row + last] > 0)) last--;
      includeRow(bounds, row - channel * strides[0], strides, [first, last]);
    }
  }
  return bounds.last[0] < 0 ? undefined : bounds;
}

/** Widens the bounds by a row of the last axis that begins at `position` in its channel. */
function includeRow(
  bounds: Bounds,
  position: number,
  strides: readonly number[],
  ends: readonly [number, number],
): void {
  const lastAxis = bounds.first.length - 1;
  let rest = position;
  for (let axis = 0; axis <= lastAxis; axis++) {
    const index = Math.floor(rest / strides[axis + 1]);
    rest -= index * strides[axis + 1];
    bounds.first[axis] = Math.min(bounds.first[axis], axis === lastAxis ? ends[0] : index);
    bounds.last[axis] = Math.max(bounds.last[axis], axis === lastAxis ? ends[1] : index);
  }
}

function nothingSelected(item: Item, key: string): FaultError {
  return new FaultError({
    code: 'image-unreadable',
    ...fileOf(item, key),
    component: cropForegroundSpec.name,
    argument: 'source_key',
    message: `No voxel of "${key}" is above 0, so there is no box to crop to.`,
    allowed: 'images with some values above 0 where this transform stands (scale intensities before it)',
  });
}

import {
  centerSpatialCropSpec,
  randSpatialCropSpec,
  type CenterSpatialCropArgs,
  type RandSpatialCropArgs,
} from '../../../common/components/transforms/crop-pad.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Item } from '../../data/item.ts';
import { spatialShapeOf } from '../../data/tensor.ts';
import type { RandomState } from '../../random/random-state.ts';
import { fillSizes } from '../fill-sizes.ts';
import { fileOf, findTensor, listKeys } from '../item-access.ts';
import { RandomStream } from '../random-draws.ts';
import { reportDraw } from '../report-draw.ts';
import { requireSameSizes } from '../require-same-sizes.ts';
import type { RandomTransform, Transform } from '../transform.ts';
import { centreBox, cutWindow, type Box } from './record-window.ts';

/** `monai.transforms.CenterSpatialCropd` (0.8.1): an axis that is shorter than the size stays as it is. */
export function createCenterSpatialCrop(args: CenterSpatialCropArgs): Transform {
  const { name } = centerSpatialCropSpec;
  return {
    name,
    apply: (item) =>
      listKeys(args).reduce((current, key) => {
        const tensor = findTensor(current, key, args, name);
        if (tensor === undefined) return current;
        const shape = spatialShapeOf(tensor);
        return cutWindow(
          current,
          key,
          centreBox(shape, fillSizes(args.roi_size, shape, name, 'roi_size')),
          name,
        );
      }, item),
  };
}

/**
 * `monai.transforms.RandSpatialCropd` (0.8.1): one box for all keys, found in the first one. With `random_size` each size is
 * drawn between roi_size and max_roi_size (both included), then the place.
 *
 * Faults: `image-size-mismatch`, `patch-too-large` (a random size whose smallest is larger than its largest).
 */
export function createRandSpatialCrop(args: RandSpatialCropArgs): RandomTransform {
  const { name } = randSpatialCropSpec;
  const stream = new RandomStream();
  return {
    name,
    setRandomState: (seed) => stream.restart(seed),
    apply(item) {
      const present = listKeys(args).filter((key) => findTensor(item, key, args, name) !== undefined);
      if (present.length === 0) return item;
      requireSameSizes(item, present, name);
      const shape = spatialShapeOf(findTensor(item, present[0], args, name)!);
      const box = drawBox(item, shape, args, stream.state);
      return present.reduce((current, key) => cutWindow(current, key, box, name), item);
    },
  };
}

function drawBox(item: Item, shape: readonly number[], args: RandSpatialCropArgs, random: RandomState): Box {
  const { name } = randSpatialCropSpec;
  const smallest = fillSizes(args.roi_size, shape, name, 'roi_size');
  const size = args.random_size ? drawSize(item, shape, smallest, args, random) : smallest;
  if (!args.random_center) return centreBox(shape, size);
  const inside = size.map((length, axis) => Math.min(length, shape[axis]));
  const start = inside.map((length, axis) =>
    shape[axis] > length ? random.integer(shape[axis] - length + 1) : 0,
  );
  reportDraw('start', start);
  return { start, size: inside };
}

function drawSize(
  item: Item,
  shape: readonly number[],
  smallest: readonly number[],
  args: RandSpatialCropArgs,
  random: RandomState,
): readonly number[] {
  const { name } = randSpatialCropSpec;
  const largest = fillSizes(args.max_roi_size ?? null, shape, name, 'max_roi_size');
  if (smallest.some((size, axis) => size > largest[axis])) {
    throw new FaultError({
      code: 'patch-too-large',
      ...fileOf(item, listKeys(args)[0]),
      component: name,
      argument: 'roi_size',
      message: `The smallest size ${smallest.join(' x ')} is larger than the largest, ${largest.join(' x ')}.`,
      allowed: `at most ${largest.join(' x ')}, or random_size false`,
    });
  }
  const size = smallest.map((least, axis) => least + random.integer(largest[axis] - least + 1));
  reportDraw('size', size);
  return size;
}

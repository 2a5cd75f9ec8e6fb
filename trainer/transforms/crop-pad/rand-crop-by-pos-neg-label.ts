import {
  randCropByPosNegLabelSpec,
  type RandCropByPosNegLabelArgs,
} from '../../../common/components/transforms/crop-pad.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Item } from '../../data/item.ts';
import { spatialShapeOf } from '../../data/tensor.ts';
import { fillSizes } from '../fill-sizes.ts';
import { fileOf, findMeta, listKeys, listMetaKeys, tensorAt } from '../item-access.ts';
import { RandomStream } from '../random-draws.ts';
import { requireSameSizes } from '../require-same-sizes.ts';
import type { RandomTransform } from '../transform.ts';
import { findCandidates, listedCandidates, type CenterCandidates } from './crop-candidates.ts';
import { drawCenters } from './crop-centers.ts';
import { cutWindow, limitBox } from './record-window.ts';

const { name } = randCropByPosNegLabelSpec;

/**
 * `monai.transforms.RandCropByPosNegLabeld` (0.8.1): one item per patch, with the same centre for all keys; the patch's number
 * goes into the metadata. Draw for draw as MONAI.
 *
 * Faults: `image-size-mismatch` (image and label differ), `patch-too-large`, `label-empty` (neither kind of centre is left,
 * or only labelled ones are wanted and there are none).
 */
export function createRandCropByPosNegLabel(args: RandCropByPosNegLabelArgs): RandomTransform {
  const keys = listKeys(args);
  const metaKeys = listMetaKeys(args, name);
  const stream = new RandomStream();

  function cutPatch(
    item: Item,
    center: readonly number[],
    size: readonly number[],
    patchIndex: number,
  ): Item {
    const present = keys.filter((key) => item[key] !== undefined || !args.allow_missing_keys);
    const cut = present.reduce((current, key) => {
      const shape = spatialShapeOf(tensorAt(current, key, name));
      const start = center.map((index, axis) => Math.max(index - Math.floor(size[axis] / 2), 0));
      return cutWindow(current, key, limitBox(start, size, shape), name);
    }, item);
    return metaKeys.reduce((current, metaKey) => {
      const meta = findMeta(current, metaKey);
      return meta === undefined ? current : { ...current, [metaKey]: { ...meta, patchIndex } };
    }, cut);
  }

  return {
    name,
    setRandomState: (seed) => stream.restart(seed),
    apply(item) {
      const label = tensorAt(item, args.label_key, name);
      requireSameSizes(item, [args.label_key, ...(args.image_key ? [args.image_key] : []), ...keys], name);
      const shape = spatialShapeOf(label);
      const patchSize = findPatchSize(item, shape, args);
      const candidates = listCandidates(item, args);
      requireCandidates(item, candidates, args);
      const centers = drawCenters(
        candidates,
        { count: args.num_samples, foregroundRatio: args.pos / (args.pos + args.neg), shape, patchSize },
        stream.state,
      );
      const { [args.fg_indices_key ?? '']: _fg, [args.bg_indices_key ?? '']: _bg, ...rest } = item;
      return centers.map((center, index) => cutPatch(rest, center, patchSize, index));
    },
  };
}

function findPatchSize(
  item: Item,
  shape: readonly number[],
  args: RandCropByPosNegLabelArgs,
): readonly number[] {
  const wanted = fillSizes(args.spatial_size, shape, name, 'spatial_size');
  const isTooLarge = wanted.some((size, axis) => size > shape[axis]);
  if (!isTooLarge) return wanted;
  if (args.allow_smaller) return wanted.map((size, axis) => Math.min(size, shape[axis]));
  throw new FaultError({
    code: 'patch-too-large',
    ...fileOf(item, args.label_key),
    component: name,
    argument: 'spatial_size',
    message: `The patch of ${wanted.join(' x ')} voxels is larger than the image of ${shape.join(' x ')}.`,
    allowed: `at most ${shape.join(' x ')} here; SpatialPadd before it pads small images, allow_smaller takes what there is`,
  });
}

function listCandidates(item: Item, args: RandCropByPosNegLabelArgs): CenterCandidates {
  const foreground = args.fg_indices_key ? item[args.fg_indices_key] : undefined;
  const background = args.bg_indices_key ? item[args.bg_indices_key] : undefined;
  if (isIndexList(foreground) && isIndexList(background)) {
    return { foreground: listedCandidates(foreground), background: listedCandidates(background) };
  }
  const label = tensorAt(item, args.label_key, name);
  if (!args.image_key) return findCandidates(label);
  return findCandidates(label, {
    image: tensorAt(item, args.image_key, name),
    threshold: args.image_threshold,
  });
}

const isIndexList = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((index) => Number.isInteger(index));

function requireCandidates(item: Item, candidates: CenterCandidates, args: RandCropByPosNegLabelArgs): void {
  const hasForeground = candidates.foreground.count > 0;
  const hasBackground = candidates.background.count > 0;
  if (hasForeground || (hasBackground && args.neg > 0)) return;
  throw new FaultError({
    code: 'label-empty',
    ...fileOf(item, args.label_key),
    component: name,
    argument: 'label_key',
    message: hasBackground
      ? `"${args.label_key}" has no labelled voxel, and neg is 0, so no centre can be drawn.`
      : `"${args.label_key}" has no labelled voxel, and no other voxel is above image_threshold, so no centre can be drawn.`,
    allowed: 'a label with at least one voxel that is not 0, or neg above 0 and voxels above image_threshold',
  });
}

import {
  randZoomSpec,
  resizeSpec,
  type RandZoomArgs,
  type ResizeArgs,
} from '../../../common/components/transforms/spatial.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Item } from '../../data/item.ts';
import { isSameShape, spatialShapeOf } from '../../data/tensor.ts';
import { fillSizes } from '../fill-sizes.ts';
import { findTensor, listKeys, spreadOverKeys } from '../item-access.ts';
import { resize } from '../motions/resize.ts';
import { roundHalfToEven } from '../motions/sample-axis.ts';
import { extractWindow } from '../motions/window.ts';
import { RandomDraws } from '../random-draws.ts';
import { recordMotion } from '../record-motion.ts';
import { reportDraw } from '../report-draw.ts';
import type { RandomTransform, Transform } from '../transform.ts';

/** `monai.transforms.Resized` (0.8.1). The metadata's affine is left alone, as there. */
export function createResize(args: ResizeArgs): Transform {
  const { name } = resizeSpec;
  const keys = listKeys(args);
  const modes = spreadOverKeys(args.mode, keys, name, 'mode');
  const alignments = spreadOverKeys(args.align_corners ?? null, keys, name, 'align_corners');
  const sizeOf = createSizeRule(args);

  function applyToKey(item: Item, key: string, index: number): Item {
    const tensor = findTensor(item, key, args, name);
    if (tensor === undefined) return item;
    const mode = modes[index];
    const alignCorners = alignments[index] ?? false;
    const moved = resize(tensor, sizeOf(spatialShapeOf(tensor)), mode, alignCorners);
    return recordMotion(item, tensor, { name, key, moved, inverse: { type: 'resize', mode, alignCorners } });
  }

  return { name, apply: (item) => keys.reduce(applyToKey, item) };
}

function createSizeRule({ spatial_size: wanted, size_mode: sizeMode }: ResizeArgs) {
  if (sizeMode === 'all') {
    return (shape: readonly number[]) => fillSizes(wanted, shape, resizeSpec.name, 'spatial_size');
  }
  if (typeof wanted !== 'number') {
    throw new FaultError({
      code: 'wrong-argument',
      component: resizeSpec.name,
      argument: 'spatial_size',
      message: 'size_mode longest needs one number.',
      allowed: 'voxels of the longest axis',
    });
  }
  return (shape: readonly number[]) => {
    const scale = wanted / Math.max(...shape);
    return shape.map((size) => roundHalfToEven(size * scale));
  };
}

/**
 * `monai.transforms.RandZoomd` (0.8.1): one factor per given range, drawn for every item whether it is changed or not; a single
 * range is for all axes, of two the first is for x and y. Sizes are floor(size * factor).
 */
export function createRandZoom(args: RandZoomArgs): RandomTransform {
  const { name } = randZoomSpec;
  const keys = listKeys(args);
  const modes = spreadOverKeys(args.mode, keys, name, 'mode');
  const paddings = spreadOverKeys(args.padding_mode, keys, name, 'padding_mode');
  const alignments = spreadOverKeys(args.align_corners ?? null, keys, name, 'align_corners');
  const ranges = listRanges(args);
  const draws = new RandomDraws();

  function zoomKey(item: Item, key: string, index: number, factors: readonly number[]): Item {
    const tensor = findTensor(item, key, args, name);
    if (tensor === undefined) return item;
    const shape = spatialShapeOf(tensor);
    const mode = modes[index];
    const alignCorners = alignments[index] ?? false;
    const size = shape.map((length, axis) =>
      Math.max(1, Math.floor(length * factorAt(factors, axis, shape.length))),
    );
    const zoomed = resize(tensor, size, mode, alignCorners);
    const resized = recordMotion(item, tensor, {
      name,
      key,
      moved: zoomed,
      inverse: { type: 'resize', mode, alignCorners },
    });
    if (!args.keep_size || isSameShape(size, shape)) return resized;
    const start = size.map((length, axis) => keepSizeStart(length, shape[axis]));
    const moved = extractWindow(zoomed, start, shape, paddings[index]);
    return recordMotion(resized, zoomed, { name, key, moved, inverse: { type: 'window', start } });
  }

  return {
    name,
    setRandomState: (seed) => draws.restart(seed),
    apply(item) {
      if (keys.every((key) => findTensor(item, key, args, name) === undefined)) return item;
      const isZoomed = draws.decide(args.prob);
      const random = draws.drawParameters();
      const factors = ranges.map(([low, high]) => random.uniform(low, high));
      reportDraw('zoom', factors);
      if (!isZoomed) return item;
      return keys.reduce((current, key, index) => zoomKey(current, key, index, factors), item);
    },
  };
}

function listRanges(args: RandZoomArgs): readonly (readonly [number, number])[] {
  const low = typeof args.min_zoom === 'number' ? [args.min_zoom] : args.min_zoom;
  const high = typeof args.max_zoom === 'number' ? [args.max_zoom] : args.max_zoom;
  if (low.length === high.length) return low.map((value, index) => [value, high[index]] as const);
  throw new FaultError({
    code: 'wrong-argument',
    component: randZoomSpec.name,
    argument: 'max_zoom',
    message: `There are ${high.length} values, but ${low.length} for min_zoom.`,
    allowed: 'as many as min_zoom has',
  });
}

/** A single factor is for all axes; the last of two is for z, the first for x and y. */
function factorAt(factors: readonly number[], axis: number, rank: number): number {
  if (factors.length === 1) return factors[0];
  return factors.length === 2 && rank > 2 ? factors[axis < rank - 1 ? 0 : 1] : factors[axis];
}

/** First voxel of the kept window: in the middle, with the smaller half in front. */
function keepSizeStart(zoomed: number, wanted: number): number {
  const half = Math.floor(Math.abs(wanted - zoomed) / 2);
  return zoomed > wanted ? half : -half;
}

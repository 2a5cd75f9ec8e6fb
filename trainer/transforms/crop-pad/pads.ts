import {
  divisiblePadSpec,
  resizeWithPadOrCropSpec,
  spatialPadSpec,
  type DivisiblePadArgs,
  type ResizeWithPadOrCropArgs,
  type SpatialPadArgs,
} from '../../../common/components/transforms/crop-pad.ts';
import type { Item } from '../../data/item.ts';
import { spatialShapeOf } from '../../data/tensor.ts';
import { fillSizes } from '../fill-sizes.ts';
import { findTensor, listKeys, spreadOverKeys, type KeyArguments } from '../item-access.ts';
import type { WindowPadding } from '../motions/window.ts';
import type { Transform } from '../transform.ts';
import { centreBox, cutWindow, type Box } from './record-window.ts';

interface PaddingArgs extends KeyArguments {
  readonly mode: WindowPadding | readonly WindowPadding[];
}

type PaddingMethod = 'symmetric' | 'end';

/** `monai.transforms.SpatialPadd` (0.8.1): pads up to a size; of an odd number of voxels the larger half goes behind. */
export function createSpatialPad(args: SpatialPadArgs): Transform {
  const { name } = spatialPadSpec;
  return createWindowTransform(name, args, (shape) => {
    const wanted = fillSizes(args.spatial_size, shape, name, 'spatial_size');
    return paddedBox(shape, wanted, args.method);
  });
}

/** `monai.transforms.DivisiblePadd` (0.8.1): pads up to multiples of k. */
export function createDivisiblePad(args: DivisiblePadArgs): Transform {
  const { name } = divisiblePadSpec;
  return createWindowTransform(name, args, (shape) => {
    const multiples = fillSizes(args.k, shape.map(() => 1), name, 'k'); // prettier-ignore
    const wanted = shape.map((size, axis) => Math.ceil(size / multiples[axis]) * multiples[axis]);
    return paddedBox(shape, wanted, args.method);
  });
}

/** `monai.transforms.ResizeWithPadOrCropd` (0.8.1): crops the middle of axes that are too long, then pads the short ones. */
export function createResizeWithPadOrCrop(args: ResizeWithPadOrCropArgs): Transform {
  const { name } = resizeWithPadOrCropSpec;
  return createWindowTransform(name, args, (shape) => {
    const wanted = fillSizes(args.spatial_size, shape, name, 'spatial_size');
    const cropped = centreBox(shape, wanted);
    const padded = paddedBox(cropped.size, wanted, args.method);
    return { start: padded.start.map((first, axis) => first + cropped.start[axis]), size: padded.size };
  });
}

function paddedBox(shape: readonly number[], wanted: readonly number[], method: PaddingMethod): Box {
  const missing = shape.map((size, axis) => Math.max(wanted[axis] - size, 0));
  return {
    start: missing.map((width) => (method === 'end' || width === 0 ? 0 : -Math.floor(width / 2))),
    size: shape.map((size, axis) => size + missing[axis]),
  };
}

function createWindowTransform(
  name: string,
  args: PaddingArgs,
  findBox: (shape: readonly number[]) => Box,
): Transform {
  const keys = listKeys(args);
  const modes = spreadOverKeys(args.mode, keys, name, 'mode');
  const applyToKey = (item: Item, key: string, index: number): Item => {
    const tensor = findTensor(item, key, args, name);
    return tensor === undefined
      ? item
      : cutWindow(item, key, findBox(spatialShapeOf(tensor)), name, modes[index]);
  };
  return { name, apply: (item) => keys.reduce(applyToKey, item) };
}

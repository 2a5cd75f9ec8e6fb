import {
  diagonalAffine,
  identityAffine,
  invertAffine,
  multiplyAffines,
  type Affine,
  type Vector3,
} from '../../common/imaging/affine.ts';
import { metaKeyOf, type Item } from '../data/item.ts';
import { isTensor, type Tensor } from '../data/tensor.ts';
import { ensureChannelFirstSpec } from '../../common/components/transforms/utility.ts';
import { findMeta } from '../transforms/item-access.ts';
import { appliedTransforms } from '../transforms/record-motion.ts';

/** Where an image of an item is in space, and which of its axes holds channels. */
export interface ImagePlace {
  readonly affine: Affine;
  readonly channelAxis: 'none' | 'first' | 'last';
}

/** The places of all images of one item, by key. */
export type ImagePlaces = ReadonlyMap<string, ImagePlace>;

/** A transform as far as it matters for places. */
export interface StepKind {
  readonly name: string;
  readonly random: boolean;
}

/**
 * Where the images of an item are after a step. It is the trainer's own affine, with what MONAI 0.8 leaves out of it added:
 * that a window begins elsewhere, and that a stretched image has other voxels. Images that a random transform has mirrored,
 * turned or zoomed are shown as the network gets them, so nothing is added for those.
 */
export function followPlaces(before: Item, places: ImagePlaces, after: Item, step: StepKind): ImagePlaces {
  const found = new Map<string, ImagePlace>();
  for (const [key, tensor] of listTensors(after)) {
    const known = places.get(key);
    found.set(
      key,
      known === undefined
        ? placeLoaded(after, key, tensor)
        : {
            affine: followAffine(before, known.affine, after, key, step),
            channelAxis: followChannelAxis(before[key], known, tensor, step),
          },
    );
  }
  return found;
}

export const listTensors = (item: Item): readonly (readonly [string, Tensor])[] =>
  Object.entries(item).filter((entry): entry is [string, Tensor] => isTensor(entry[1]));

/** Sizes along x, y and z, 1 where there are fewer axes. */
export function spatialSizes(
  { shape }: Tensor,
  { channelAxis }: ImagePlace,
): readonly [number, number, number] {
  const sizes =
    channelAxis === 'none' ? shape : channelAxis === 'first' ? shape.slice(1) : shape.slice(0, -1);
  return [sizes[0] ?? 1, sizes[1] ?? 1, sizes[2] ?? 1];
}

export const channelCount = ({ shape }: Tensor, { channelAxis }: ImagePlace): number =>
  channelAxis === 'none' ? 1 : ((channelAxis === 'first' ? shape[0] : shape.at(-1)) ?? 1);

function placeLoaded(item: Item, key: string, { shape }: Tensor): ImagePlace {
  const meta = findMeta(item, metaKeyOf(key));
  if (meta === undefined) return { affine: identityAffine, channelAxis: shape.length > 3 ? 'first' : 'none' };
  const { originalChannelDim: axis, affine } = meta;
  return { affine, channelAxis: axis === 'no_channel' ? 'none' : axis === 0 ? 'first' : 'last' };
}

function followChannelAxis(
  before: Item[string] | undefined,
  { channelAxis }: ImagePlace,
  tensor: Tensor,
  { name }: StepKind,
): ImagePlace['channelAxis'] {
  if (channelAxis === 'first' || !isTensor(before)) return channelAxis;
  if (channelAxis === 'none') return tensor.shape.length > before.shape.length ? 'first' : 'none';
  return name === ensureChannelFirstSpec.name ? 'first' : 'last';
}

function followAffine(before: Item, affine: Affine, after: Item, key: string, step: StepKind): Affine {
  const [old, now] = [findMeta(before, metaKeyOf(key)), findMeta(after, metaKeyOf(key))];
  if (old !== undefined && now !== undefined && old.affine !== now.affine) {
    const inverse = invertAffine(old.affine);
    return inverse === undefined ? now.affine : multiplyAffines(affine, multiplyAffines(inverse, now.affine));
  }
  const recorded = appliedTransforms(after, key).slice(appliedTransforms(before, key).length);
  return recorded.reduce((current, { inverse, originalShape }) => {
    if (inverse.type === 'window') return multiplyAffines(current, shift(inverse.start));
    if (inverse.type !== 'resize' || step.random) return current;
    const tensor = after[key];
    if (!isTensor(tensor)) return current;
    const sizes = tensor.shape.slice(-originalShape.length);
    const factors = [0, 1, 2].map((axis) => (originalShape[axis] ?? 1) / (sizes[axis] ?? 1));
    return multiplyAffines(current, stretch(factors));
  }, affine);
}

const three = (values: readonly number[], missing: number): Vector3 => [
  values[0] ?? missing,
  values[1] ?? missing,
  values[2] ?? missing,
];

const shift = (start: readonly number[]): Affine => diagonalAffine([1, 1, 1], three(start, 0));

/** Edges stay where they are, so that centres of the first voxels move. */
const stretch = (factors: readonly number[]): Affine =>
  diagonalAffine(
    three(factors, 1),
    three(
      factors.map((factor) => (factor - 1) / 2),
      0,
    ),
  );

import type { Affine } from '../../common/imaging/affine.ts';
import type { Json } from '../../common/json.ts';
import type { AppliedTransform } from '../transforms/applied-transform.ts';
import type { Tensor } from './tensor.ts';

/** What is known about an image beyond its voxels, under `<key>_meta_dict` as in MONAI. */
export interface ImageMeta {
  /** Voxel index to world, RAS, millimetres, of the tensor as it is now. */
  readonly affine: Affine;
  /** The affine of the file. */
  readonly originalAffine: Affine;
  /** Spatial sizes (x, y, z) of the file. */
  readonly spatialShape: readonly number[];
  /** The axis that holds channels in the array as read; `no_channel` when there is none. */
  readonly originalChannelDim: number | 'no_channel';
  /** The file that was read; the first one when several were stacked. */
  readonly fileName: string;
  /** For a patch: its number among those cut from the image. */
  readonly patchIndex?: number;
}

/**
 * Anything that an item may hold. Everything is plain data, so an item can be copied to another thread.
 */
export type ItemValue = Tensor | ImageMeta | readonly AppliedTransform[] | Json;

/**
 * One case on its way through the transforms, by MONAI's keys: first file names (`image`, `label`), then tensors, with
 * `image_meta_dict` ({@link ImageMeta}), `image_transforms` (what was applied, for Invertd) and whatever else a transform
 * adds, such as `foreground_start_coord`. Items are values: a transform returns a new one.
 */
export type Item = Readonly<Record<string, ItemValue>>;

/** Where the metadata of `key` lives. */
export const metaKeyOf = (key: string, postfix = 'meta_dict'): string => `${key}_${postfix}`;

/** Where the invertible transforms applied to `key` are recorded. */
export const appliedKeyOf = (key: string): string => `${key}_transforms`;

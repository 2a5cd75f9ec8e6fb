import type { Affine } from '../../common/imaging/affine.ts';
import { appliedKeyOf, type Item } from '../data/item.ts';
import { spatialShapeOf, type Tensor } from '../data/tensor.ts';
import type { AppliedTransform, InverseMotion } from './applied-transform.ts';
import { findMeta } from './item-access.ts';

/** How an image was moved by a transform. */
export interface Motion {
  readonly name: string;
  readonly key: string;
  /** The image as it is now. */
  readonly moved: Tensor;
  readonly inverse: InverseMotion;
  /** Where its metadata is, and the affine that belongs there now; absent for motions that leave the metadata alone. */
  readonly meta?: { readonly key: string; readonly affine: Affine };
}

/** The transforms recorded for a key, first one first. */
export function appliedTransforms(item: Item, key: string): readonly AppliedTransform[] {
  const record = item[appliedKeyOf(key)];
  return Array.isArray(record) ? (record as readonly AppliedTransform[]) : [];
}

/** The item with a key's image, metadata and record after a motion; `before` is the image as it was. */
export function recordMotion(item: Item, before: Tensor, motion: Motion): Item {
  const { name, key, moved, inverse, meta } = motion;
  const known = meta === undefined ? undefined : findMeta(item, meta.key);
  const applied: AppliedTransform = {
    name,
    originalShape: spatialShapeOf(before),
    ...(known === undefined ? {} : { originalAffine: known.affine }),
    inverse,
  };
  return {
    ...item,
    [key]: moved,
    [appliedKeyOf(key)]: [...appliedTransforms(item, key), applied],
    ...(meta === undefined || known === undefined ? {} : { [meta.key]: { ...known, affine: meta.affine } }),
  };
}

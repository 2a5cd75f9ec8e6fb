import { invertSpec, type InvertArgs } from '../../../common/components/transforms/post.ts';
import { FaultError } from '../../../common/fault.ts';
import { metaKeyOf, type Item } from '../../data/item.ts';
import type { Tensor } from '../../data/tensor.ts';
import type { AppliedTransform, InverseMotion, ResizeMode } from '../applied-transform.ts';
import { fileOf, findMeta, findTensor, listKeys, listMetaKeys, spreadOverKeys } from '../item-access.ts';
import { flipAxes } from '../motions/flip.ts';
import { permuteAxes } from '../motions/permute.ts';
import { resample } from '../motions/resample.ts';
import { resize } from '../motions/resize.ts';
import { rotateQuarters } from '../motions/rotate90.ts';
import { placeWindow } from '../motions/window.ts';
import { appliedTransforms } from '../record-motion.ts';
import type { Transform } from '../transform.ts';

const { name } = invertSpec;

/**
 * `monai.transforms.Invertd` (0.8.1): undoes on each key, last one first, what the item's record says was applied to the image
 * under `orig_keys`, and gives it that image's metadata with the affine of the file. Where the image was cropped zeros come
 * back. Fault `data-list` when nothing is recorded for the image.
 */
export function createInvert(args: InvertArgs): Transform {
  const keys = listKeys(args);
  const originals = spreadOverKeys(args.orig_keys, keys, name, 'orig_keys');
  const metaKeys = listMetaKeys(args, name);
  const postfixes = spreadOverKeys(args.meta_key_postfix, keys, name, 'meta_key_postfix');
  const originalMetaKeys = spreadOverKeys(args.orig_meta_keys ?? null, keys, name, 'orig_meta_keys');
  const nearest = spreadOverKeys(args.nearest_interp, keys, name, 'nearest_interp');

  function applyToKey(item: Item, key: string, index: number): Item {
    const tensor = findTensor(item, key, args, name);
    if (tensor === undefined) return item;
    const original = originals[index];
    const applied = appliedTransforms(item, original);
    const meta = findMeta(item, originalMetaKeys[index] ?? metaKeyOf(original, postfixes[index]));
    if (applied.length === 0 && meta === undefined) throw nothingRecorded(item, key, original);
    const inverted = applied.reduceRight((moved, step) => undo(moved, step, nearest[index]), tensor);
    const affine = applied.find((step) => step.originalAffine !== undefined)?.originalAffine ?? meta?.affine;
    if (meta === undefined || affine === undefined) return { ...item, [key]: inverted };
    return { ...item, [key]: inverted, [metaKeys[index]]: { ...meta, affine } };
  }

  return { name, apply: (item) => keys.reduce(applyToKey, item) };
}

function undo(tensor: Tensor, { originalShape, inverse }: AppliedTransform, isNearest: boolean): Tensor {
  switch (inverse.type) {
    case 'resample':
      return resample(tensor, {
        ...inverse,
        shape: originalShape,
        mode: isNearest ? 'nearest' : inverse.mode,
      });
    case 'window':
      return placeWindow(tensor, inverse.start, originalShape);
    case 'flip':
      return flipAxes(tensor, inverse.axes);
    case 'permute':
      return permuteAxes(flipAxes(tensor, inverse.flips), inverse.order);
    case 'rotate':
      return rotateQuarters(tensor, inverse.quarters, inverse.plane);
    case 'resize':
      return resize(tensor, originalShape, resizeModeOf(inverse, isNearest), inverse.alignCorners);
  }
}

const resizeModeOf = (
  inverse: InverseMotion & { readonly type: 'resize' },
  isNearest: boolean,
): ResizeMode => (isNearest ? 'nearest' : inverse.mode);

function nothingRecorded(item: Item, key: string, original: string): FaultError {
  return new FaultError({
    code: 'data-list',
    ...fileOf(item, key),
    component: name,
    argument: 'orig_keys',
    message: `Nothing is known about "${original}" in the case, so "${key}" cannot be taken back.`,
    allowed: 'an image that LoadImaged has read',
  });
}

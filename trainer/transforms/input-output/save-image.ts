import { basename, dirname, join, relative, resolve } from 'node:path';
import { saveImageSpec, type SaveImageArgs } from '../../../common/components/transforms/input-output.ts';
import {
  identityAffine,
  invertAffine,
  isAllClose,
  multiplyAffines,
  type Affine,
} from '../../../common/imaging/affine.ts';
import { orientationOf, reorient, reorientAffine } from '../../../common/imaging/orientation.ts';
import type { ImageMeta, Item } from '../../data/item.ts';
import { moveFirstAxisToEnd } from '../../data/move-axis.ts';
import { isSameShape, spatialShapeOf, type Tensor } from '../../data/tensor.ts';
import { writeImage } from '../../data/write-image.ts';
import { findMeta, findTensor, listKeys, listMetaKeys } from '../item-access.ts';
import { flipAxes } from '../motions/flip.ts';
import { permuteAxes } from '../motions/permute.ts';
import { resample } from '../motions/resample.ts';
import type { Transform } from '../transform.ts';

const { name } = saveImageSpec;
const AFFINE_TOLERANCE = 1e-3;

/** Names files of items that came from no file, one after the other. */
interface Counter {
  next: number;
}

/**
 * `monai.transforms.SaveImaged` (0.8.1): writes each key to `<output_dir>/<case>/<case>_<postfix>.nii.gz` (patches get their
 * number behind that) and passes the item on. With `resample` the image is first turned and interpolated back to the affine
 * and size of the file that it came from. The channel becomes the last axis; integer
 * types cut fractions off. Faults: those of writeImage.
 */
export function createSaveImage(args: SaveImageArgs): Transform {
  const keys = listKeys(args);
  const metaKeys = listMetaKeys(args, name);
  const counter: Counter = { next: 0 };
  return {
    name,
    apply(item) {
      keys.forEach((key, index) => saveKey(item, key, metaKeys[index], args, counter));
      return item;
    },
  };
}

function saveKey(item: Item, key: string, metaKey: string, args: SaveImageArgs, counter: Counter): void {
  const tensor = findTensor(item, key, args, name);
  if (tensor === undefined) return;
  const meta = findMeta(item, metaKey);
  const { image, affine } =
    args.resample && meta !== undefined
      ? toOriginalGrid(tensor, meta, args)
      : { image: tensor, affine: meta?.affine ?? identityAffine };
  const { shape, data } = moveFirstAxisToEnd(image);
  writeImage(nameFile(meta, args, counter), {
    values: args.output_dtype === 'float32' ? data : data.map(Math.trunc),
    shape: args.squeeze_end_dims ? squeezeEnd(shape) : shape,
    affine,
    voxelType: args.output_dtype,
  });
}

function toOriginalGrid(
  tensor: Tensor,
  meta: ImageMeta,
  args: SaveImageArgs,
): { image: Tensor; affine: Affine } {
  const shape = spatialShapeOf(tensor);
  const target = meta.originalAffine;
  if (shape.length !== 3 || meta.spatialShape.length !== 3) return { image: tensor, affine: meta.affine };
  if (isAllClose(meta.affine, target, AFFINE_TOLERANCE) && isSameShape(shape, meta.spatialShape)) {
    return { image: tensor, affine: meta.affine };
  }
  const turn = reorient(orientationOf(meta.affine), orientationOf(target));
  const turned = permuteAxes(flipAxes(tensor, turn.flips), turn.order);
  const turnedAffine = reorientAffine(meta.affine, shape, turn);
  const toIndex = invertAffine(turnedAffine);
  const isThere =
    isAllClose(turnedAffine, target, AFFINE_TOLERANCE) &&
    isSameShape(spatialShapeOf(turned), meta.spatialShape);
  if (isThere || toIndex === undefined) return { image: turned, affine: turnedAffine };
  const image = resample(turned, {
    indexMap: multiplyAffines(toIndex, target),
    shape: meta.spatialShape,
    mode: args.mode,
    paddingMode: args.padding_mode,
    alignCorners: false,
  });
  return { image, affine: target };
}

/** Drops axes of size 1 from the end, but keeps at least one axis. */
function squeezeEnd(shape: readonly number[]): readonly number[] {
  let rank = shape.length;
  while (rank > 1 && shape[rank - 1] === 1) rank--;
  return shape.slice(0, rank);
}

function nameFile(meta: ImageMeta | undefined, args: SaveImageArgs, counter: Counter): string {
  const source = meta === undefined ? String(counter.next++) : meta.fileName;
  const stem = basename(source)
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]*$/, '');
  const folder =
    args.data_root_dir === '' || meta === undefined ? '' : relative(args.data_root_dir, dirname(source));
  const patch = meta?.patchIndex === undefined ? '' : `_${meta.patchIndex}`;
  const postfix = args.output_postfix === '' ? '' : `_${args.output_postfix}`;
  const file = `${stem}${postfix}${patch}${args.output_ext}`;
  return join(resolve(args.output_dir), folder, args.separate_folder ? stem : '', file);
}

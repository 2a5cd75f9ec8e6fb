import { identityAffine } from '../../common/imaging/affine.ts';
import type { RgbPicture } from '../../common/imaging/encode-png.ts';
import { metaKeyOf, type Item } from '../data/item.ts';
import { isSameShape, isTensor, spatialShapeOf } from '../data/tensor.ts';
import { findMeta } from '../transforms/item-access.ts';
import { drawOverlay } from './draw-overlay.ts';
import { findFullestSlice, findPlane } from './find-plane.ts';
import { readClasses } from './read-classes.ts';

/**
 * A picture of a validated case: the slice with most of its truth, or where there is none of its prediction. Undefined for a
 * case that is no segmentation: without `image`, `label` and `pred` of the same two or three sizes.
 */
export function drawSample(item: Item): RgbPicture | undefined {
  const { image, label, pred } = item;
  if (!isTensor(image) || !isTensor(label) || !isTensor(pred)) return undefined;
  const sizes = spatialShapeOf(image);
  const isSegmentation = [label, pred].every((tensor) => isSameShape(spatialShapeOf(tensor), sizes));
  if (!isSegmentation || sizes.length < 2 || sizes.length > 3 || image.data.length === 0) return undefined;
  const shape = [sizes[0]!, sizes[1]!, sizes[2] ?? 1] as const;
  const plane = findPlane(shape, findMeta(item, metaKeyOf('image'))?.affine ?? identityAffine);
  const [truth, prediction] = readClasses(label, pred);
  const voxelCount = shape[0] * shape[1] * shape[2];
  const ofTruth = findFullestSlice(plane, voxelCount, (voxel) => truth(voxel) > 0);
  const { slice } =
    ofTruth.count > 0 ? ofTruth : findFullestSlice(plane, voxelCount, (voxel) => prediction(voxel) > 0);
  return drawOverlay({ plane, slice, image: image.data, truth, prediction });
}

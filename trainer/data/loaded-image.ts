import type { ImageMeta } from './item.ts';
import type { Tensor } from './tensor.ts';

/** An image as MONAI's LoadImage gives it: no channel axis in front yet. */
export interface LoadedImage {
  /** Sizes x, y, z and, where the file has more axes, those; C order. */
  readonly voxels: Tensor;
  readonly meta: ImageMeta;
}

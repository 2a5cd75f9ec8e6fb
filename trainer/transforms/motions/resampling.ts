import type { Affine } from '../../../common/imaging/affine.ts';
import type { InterpolationMode, PaddingMode } from '../applied-transform.ts';

/** A grid to sample an image on, and how. */
export interface Resampling {
  /** Output voxel index to input voxel index; for 2-D images the third row and column are those of the identity. */
  readonly indexMap: Affine;
  /** Spatial sizes of the output. */
  readonly shape: readonly number[];
  readonly mode: InterpolationMode;
  readonly paddingMode: PaddingMode;
  /** Only for reflection: mirror at the outer voxels' centres instead of their faces. */
  readonly alignCorners: boolean;
}

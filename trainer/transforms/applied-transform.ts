import type { Affine } from '../../common/imaging/affine.ts';

/** How voxels between grid points get their value. */
export type InterpolationMode = 'bilinear' | 'nearest';

/** What lies outside the image. */
export type PaddingMode = 'border' | 'zeros' | 'reflection';

/**
 * What undoes one applied transform, as plain data: axes are spatial (0 is x). Every transform that moves voxels is one
 * of these few motions, so undoing needs no transform objects and survives the way between threads.
 */
export type InverseMotion =
  | {
      /** Samples the image back onto the grid it came from. */
      readonly type: 'resample';
      readonly mode: InterpolationMode;
      readonly paddingMode: PaddingMode;
      /** Voxel index of the grid to go back to -> voxel index of the image as it is now. */
      readonly indexMap: Affine;
    }
  /** The image is a window of the original: its voxel 0 was voxel `start` (negative where padding was added). */
  | { readonly type: 'window'; readonly start: readonly number[] }
  /** Axes to mirror. */
  | { readonly type: 'flip'; readonly axes: readonly number[] }
  /** Output axis i takes input axis `order[i]`; after that the axes in `flips` are mirrored. */
  | { readonly type: 'permute'; readonly order: readonly number[]; readonly flips: readonly number[] }
  /** Sizes are brought back by interpolation, corner-aligned or not. */
  | { readonly type: 'resize'; readonly mode: InterpolationMode };

/** One transform that changed where voxels are. */
export interface AppliedTransform {
  /** The component's name. */
  readonly name: string;
  /** Spatial sizes before it. */
  readonly originalShape: readonly number[];
  /** The metadata's affine before it. */
  readonly originalAffine?: Affine;
  readonly inverse: InverseMotion;
}

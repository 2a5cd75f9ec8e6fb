import type { Affine } from '../../common/imaging/affine.ts';

/** How voxels between grid points get their value. */
export type InterpolationMode = 'bilinear' | 'nearest';

/** What lies outside the image. */
export type PaddingMode = 'border' | 'zeros' | 'reflection';

/** How an image is stretched, by torch's names; area averages the voxels that fall together. */
export type ResizeMode = 'area' | 'nearest' | 'linear' | 'bilinear' | 'trilinear';

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
      readonly alignCorners: boolean;
      /** Voxel index of the grid to go back to -> voxel index of the image as it is now. */
      readonly indexMap: Affine;
    }
  /** The image is a window of the original: its voxel 0 was voxel `start` (negative where padding was added). */
  | { readonly type: 'window'; readonly start: readonly number[] }
  /** Axes to mirror. */
  | { readonly type: 'flip'; readonly axes: readonly number[] }
  /** The axes in `flips` are mirrored, then output axis i takes axis `order[i]`. */
  | { readonly type: 'permute'; readonly order: readonly number[]; readonly flips: readonly number[] }
  /** Turned by quarters in a plane; undone by this many more. */
  | { readonly type: 'rotate'; readonly quarters: number; readonly plane: readonly [number, number] }
  /** Stretched; undone by stretching to the original size. */
  | { readonly type: 'resize'; readonly mode: ResizeMode; readonly alignCorners: boolean };

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

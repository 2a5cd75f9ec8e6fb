import type { Vector3 } from '../../common/imaging/affine.ts';
import type { LabelOverlay } from './label-overlay.ts';
import type { ViewVolume } from './volume/view-volume.ts';
import type { WindowPreset } from './window-level.ts';

/** A box of voxels of the image, drawn over it. */
export interface VoxelBox {
  readonly start: Vector3;
  readonly size: Vector3;
  readonly title: string;
  readonly isChosen: boolean;
}

/** What is shown. */
export interface Scene {
  readonly image: ViewVolume;
  readonly overlays?: readonly LabelOverlay[];
  /** The image before, to be swiped over. */
  readonly compare?: ViewVolume | undefined;
  readonly boxes?: readonly VoxelBox[];
  /** Windows besides the usual ones, such as that of the config's ScaleIntensityRanged. */
  readonly presets?: readonly WindowPreset[];
}

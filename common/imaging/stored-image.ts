import type { Fault } from '../fault.ts';
import type { Grid } from './canonical-grid.ts';
import type { SeriesChoice } from './series-choice.ts';
import type { NumberArray } from './voxel-array.ts';

/** An image as its file has it: every format is read into this. */
export interface StoredImage {
  /** Such as `NIfTI-1`, for people. */
  readonly format: string;
  /** Sizes and affine in the file's own order of axes. */
  readonly grid: Grid;
  /** Axes that are space: an image of 2 has a grid of one slice. */
  readonly spatialRank: 2 | 3;
  /** x fastest. */
  readonly voxels: NumberArray;
  /** As the file names the type, for people. */
  readonly voxelType: string;
  /** Channels or time points. */
  readonly channelCount: number;
  /** Channels of one voxel stand side by side; otherwise one whole volume follows the other. */
  readonly interleaved: boolean;
  /** value = stored * slope + intercept. */
  readonly slope: number;
  readonly intercept: number;
  /** Low values are meant to be bright. */
  readonly inverted: boolean;
  /** Of an inverted image: stored values v and `mirror - v` change places when low values become dark. */
  readonly mirror?: number;
  /** Of DICOM: CT, MR ... */
  readonly modality?: string;
  /** Of a DICOM folder with several series. */
  readonly series?: SeriesChoice;
  readonly warnings: readonly Fault[];
}

/** What an image is like, without its voxels. */
export type StoredForm = Omit<StoredImage, 'voxels'>;

/** The size that is refused: more bytes of voxels than a window can hold. */
export const MOST_BYTES = 2 ** 31;

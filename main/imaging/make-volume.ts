import { FaultError } from '../../common/fault.ts';
import { findCanonicalTurn, type CanonicalTurn } from '../../common/imaging/canonical-grid.ts';
import { reorientVoxels } from '../../common/imaging/reorient-voxels.ts';
import { measureValues } from '../../common/imaging/value-statistics.ts';
import type { VolumeFacts, VolumeOutline } from '../../common/imaging/volume-facts.ts';
import {
  narrowVoxels,
  typeOfVoxels,
  type NumberArray,
  type VolumeVoxelType,
  type VoxelArray,
} from '../../common/imaging/voxel-array.ts';
import type { StoredForm, StoredImage } from '../../common/imaging/stored-image.ts';

/** A volume to be shown. */
export interface Volume {
  readonly facts: VolumeFacts;
  /** x fastest, in closest canonical RAS. */
  readonly voxels: VoxelArray;
}

/**
 * One channel of an image, turned to closest canonical RAS and measured.
 *
 * @throws FaultError `image-unreadable` where there is no such channel, or the affine's axes do not span space
 */
export function makeVolume(image: StoredImage, channel: number, name: string): Volume {
  const { grid, channelCount } = image;
  const turn = planTurn(image, channel, name);
  const count = grid.shape[0] * grid.shape[1] * grid.shape[2];
  const turned = reorientVoxels(
    image.voxels,
    grid.shape,
    turn.reorientation,
    emptyLike(image.voxels, count),
    {
      offset: image.interleaved ? channel : channel * count,
      step: image.interleaved ? channelCount : 1,
    },
  );
  const { voxels, slope, intercept } = scaleExactly(turned, image);
  const outline = outlineOf({ ...image, slope, intercept }, channel, turn, typeOfVoxels(voxels));
  return { voxels, facts: { ...outline, statistics: measureValues(voxels, { slope, intercept }) } };
}

/**
 * The turn to closest canonical RAS of one channel.
 *
 * @throws FaultError `image-unreadable` where there is no such channel, or the affine's axes do not span space
 */
export function planTurn({ grid, channelCount }: StoredForm, channel: number, name: string): CanonicalTurn {
  if (channel >= channelCount) {
    throw new FaultError({
      code: 'image-unreadable',
      file: name,
      message: `There is no channel ${channel}.`,
      allowed: `0 to ${channelCount - 1}`,
    });
  }
  const turn = findCanonicalTurn(grid);
  if (turn !== undefined) return turn;
  throw new FaultError({
    code: 'image-unreadable',
    file: name,
    message: 'The axes of the image do not span space: its affine cannot be inverted.',
  });
}

/** What is known of a volume before its voxels are turned. */
export function outlineOf(
  image: StoredForm,
  channel: number,
  { grid, spacingMm, orientation }: CanonicalTurn,
  voxelType: VolumeVoxelType,
): VolumeOutline {
  return {
    shape: [...grid.shape],
    affine: [...grid.affine],
    spacingMm: [...spacingMm],
    voxelType,
    slope: image.slope,
    intercept: image.intercept,
    inverted: image.inverted,
    source: {
      format: image.format,
      voxelType: image.voxelType,
      orientation,
      shape: [...image.grid.shape],
      channel,
      channelCount: image.channelCount,
    },
    ...(image.modality === undefined ? {} : { modality: image.modality }),
    ...(image.series === undefined ? {} : { series: image.series }),
    warnings: [...image.warnings],
  };
}

function emptyLike(voxels: NumberArray, count: number): NumberArray {
  return new (voxels.constructor as new (count: number) => NumberArray)(count);
}

/** Scaling is kept beside voxels of up to 16 bits, and done at once for wider ones, in float64 as the trainer does. */
function scaleExactly(
  turned: NumberArray,
  { slope, intercept }: Pick<StoredImage, 'slope' | 'intercept'>,
): { voxels: VoxelArray; slope: number; intercept: number } {
  const isPlain = slope === 1 && intercept === 0;
  const isNarrow = turned.BYTES_PER_ELEMENT <= 2;
  if (isPlain || isNarrow) return { voxels: narrowVoxels(turned), slope, intercept };
  const scaled = Float32Array.from(turned, (value) => value * slope + intercept);
  return { voxels: narrowVoxels(scaled), slope: 1, intercept: 0 };
}

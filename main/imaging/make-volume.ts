import { FaultError } from '../../common/fault.ts';
import { findCanonicalTurn } from '../../common/imaging/canonical-grid.ts';
import { reorientVoxels } from '../../common/imaging/reorient-voxels.ts';
import { measureValues } from '../../common/imaging/value-statistics.ts';
import type { VolumeFacts } from '../../common/imaging/volume-facts.ts';
import {
  narrowVoxels,
  typeOfVoxels,
  type NumberArray,
  type VoxelArray,
} from '../../common/imaging/voxel-array.ts';
import type { StoredImage } from '../../common/imaging/stored-image.ts';

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
  if (channel >= channelCount) {
    throw new FaultError({
      code: 'image-unreadable',
      file: name,
      message: `There is no channel ${channel}.`,
      allowed: `0 to ${channelCount - 1}`,
    });
  }
  const turn = findCanonicalTurn(grid);
  if (turn === undefined) {
    throw new FaultError({
      code: 'image-unreadable',
      file: name,
      message: 'The axes of the image do not span space: its affine cannot be inverted.',
    });
  }
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
  return {
    voxels,
    facts: {
      shape: [...turn.grid.shape],
      affine: [...turn.grid.affine],
      spacingMm: [...turn.spacingMm],
      voxelType: typeOfVoxels(voxels),
      slope,
      intercept,
      inverted: image.inverted,
      statistics: measureValues(voxels, { slope, intercept }),
      source: {
        format: image.format,
        voxelType: image.voxelType,
        orientation: turn.orientation,
        shape: [...grid.shape],
        channel,
        channelCount,
      },
      ...(image.modality === undefined ? {} : { modality: image.modality }),
      warnings: [...image.warnings],
    },
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

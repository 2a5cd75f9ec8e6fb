import type { Affine } from '../../../common/imaging/affine.ts';
import { diagonalAffine, voxelSizesMm } from '../../../common/imaging/affine.ts';
import { measureValues } from '../../../common/imaging/value-statistics.ts';
import { typeOfVoxels, type VoxelArray } from '../../../common/imaging/voxel-array.ts';
import { makeViewVolume, type ViewVolume } from '../../../renderer/viewer/volume/view-volume.ts';

export interface VolumeParts {
  readonly shape?: readonly [number, number, number];
  readonly affine?: Affine;
  readonly voxels?: VoxelArray;
  readonly id?: string;
  readonly modality?: string;
}

/** A volume as the window gets it; by default voxel (x, y, z) has the value x + 10 y + 100 z. */
export function makeVolume({
  shape = [4, 5, 6],
  affine = diagonalAffine([1, 2, 3], [-10, 20, 30]),
  voxels,
  id = 'volume',
  modality,
}: VolumeParts = {}): ViewVolume {
  const [nx, ny] = shape;
  const data =
    voxels ??
    Int16Array.from(
      { length: shape[0] * shape[1] * shape[2] },
      (_, at) => (at % nx) + 10 * (Math.floor(at / nx) % ny) + 100 * Math.floor(at / (nx * ny)),
    );
  return makeViewVolume(
    id,
    {
      shape: [...shape],
      affine: [...affine],
      spacingMm: [...voxelSizesMm(affine)],
      voxelType: typeOfVoxels(data),
      slope: 1,
      intercept: 0,
      inverted: false,
      statistics: measureValues(data),
      source: {
        format: 'test',
        voxelType: 'int16',
        orientation: 'RAS',
        shape: [...shape],
        channel: 0,
        channelCount: 1,
      },
      ...(modality === undefined ? {} : { modality }),
      warnings: [],
    },
    data,
  );
}

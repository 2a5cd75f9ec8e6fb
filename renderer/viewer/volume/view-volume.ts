import type { VolumeFacts } from '../../../common/imaging/volume-facts.ts';
import type { VoxelArray } from '../../../common/imaging/voxel-array.ts';
import type { Vector3 } from '../../../common/imaging/affine.ts';
import { frameOf, type VolumeFrame } from '../geometry/frame.ts';

/** A volume in the window. */
export interface ViewVolume {
  /** Tells volumes apart: pictures of slices are kept by it. */
  readonly id: string;
  readonly facts: VolumeFacts;
  readonly voxels: VoxelArray;
  readonly frame: VolumeFrame;
  /** No stored value lies outside. */
  readonly bounds: readonly [number, number];
}

/** @param bounds of the stored values; by default those that the statistics name */
export const makeViewVolume = (
  id: string,
  facts: VolumeFacts,
  voxels: VoxelArray,
  bounds: readonly [number, number] = storedBounds(facts),
): ViewVolume => ({ id, facts, voxels, frame: frameOf(facts), bounds });

function storedBounds({
  statistics: { min, max },
  slope,
  intercept,
}: VolumeFacts): readonly [number, number] {
  const ends = [min, max].map((value) => (value - intercept) / slope);
  return [Math.floor(Math.min(...ends)), Math.ceil(Math.max(...ends))];
}

/** The value at a voxel, in the image's own units; undefined outside. */
export function valueAt({ facts, voxels }: ViewVolume, voxel: Vector3): number | undefined {
  const [nx, ny, nz] = facts.shape;
  const [x, y, z] = voxel;
  if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) return undefined;
  return voxels[x + nx * (y + ny * z)]! * facts.slope + facts.intercept;
}

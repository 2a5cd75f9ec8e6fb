import { measureValues } from '../../../common/imaging/value-statistics.ts';
import type { VolumeOutline } from '../../../common/imaging/volume-facts.ts';
import { createVoxels, type VolumeVoxelType, type VoxelArray } from '../../../common/imaging/voxel-array.ts';
import { makeViewVolume, type ViewVolume } from './view-volume.ts';

/** As many values say well enough what an image is like until all of them are there. */
const SAMPLE = 2 ** 17;

/**
 * A volume of which only the first voxels are there. What its statistics say comes from a sample of those.
 *
 * @param ready voxels that are there
 */
export function makePartialVolume(
  token: string,
  outline: VolumeOutline,
  voxels: VoxelArray,
  ready: number,
): ViewVolume {
  const statistics = measureValues(sample(voxels, outline.voxelType, ready), outline);
  return makeViewVolume(
    `${token}+${ready}`,
    { ...outline, statistics },
    voxels,
    typeBounds[outline.voxelType],
  );
}

/**
 * Makes what is still to come as dark as the darkest of what is there: the zeros of empty memory are as bright as water in a CT.
 *
 * @param ready voxels that are there; the one after them may have come in part
 */
export function darkenRest({ facts, voxels }: ViewVolume, ready: number): void {
  const { statistics, slope, intercept } = facts;
  const darkest = slope > 0 ? statistics.min : statistics.max;
  voxels.fill((darkest - intercept) / slope, ready + 1);
}

function sample(voxels: VoxelArray, voxelType: VolumeVoxelType, ready: number): VoxelArray {
  const count = Math.min(ready, SAMPLE);
  const sampled = createVoxels(voxelType, count);
  // Not a whole number of rows, so that samples do not stand below each other.
  const step = ready / count;
  for (let at = 0; at < count; at++) sampled[at] = voxels[Math.floor(at * step)]!;
  return sampled;
}

/** What stored values may be; of floats the statistics have to do. */
const typeBounds: Readonly<Record<VolumeVoxelType, readonly [number, number] | undefined>> = {
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  float32: undefined,
};

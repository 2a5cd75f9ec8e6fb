import type { VolumePlace } from '../../../common/api/images.ts';
import { api } from '../../api.ts';
import { fetchVoxels } from './fetch-voxels.ts';
import { makeViewVolume, type ViewVolume } from './view-volume.ts';

/** Opens a volume and brings its voxels here. Rejects with an RpcError or a VoxelsError, or when the signal aborts. */
export async function openVolume(place: VolumePlace, signal: AbortSignal): Promise<ViewVolume> {
  const { token, facts } = await api.images.open(place, { signal });
  return makeViewVolume(token, facts, await fetchVoxels(token, facts, signal));
}

import type { VolumePlace } from '../../../common/api/images.ts';
import type { VolumeOutline } from '../../../common/imaging/volume-facts.ts';
import { api } from '../../api.ts';
import { fetchVoxels, type VoxelsListener } from './fetch-voxels.ts';
import { darkenRest, makePartialVolume } from './partial-volume.ts';
import { makeViewVolume, type ViewVolume } from './view-volume.ts';

/** Small volumes come at once: they are not shown in parts. */
const LEAST_PARTIAL_BYTES = 24 * 2 ** 20;
/** A part is shown no more often: each takes its time to draw. */
const PART_MS = 150;

/**
 * Opens a volume and brings its voxels here, while main still reads them. Rejects with an RpcError or a VoxelsError, or when the
 * signal aborts.
 *
 * @param onPart is given a large volume while it comes: its planes from below, its values roughly known
 */
export async function openVolume(
  place: VolumePlace,
  signal: AbortSignal,
  onPart?: (part: ViewVolume) => void,
): Promise<ViewVolume> {
  const { token, outline } = await api.images.begin(place, { signal });
  const stop = new AbortController();
  const coming = fetchVoxels(
    token,
    outline,
    AbortSignal.any([signal, stop.signal]),
    onPart === undefined ? undefined : showParts(token, outline, onPart),
  );
  // Why an image cannot be read is said by main; here the voxels only end.
  coming.catch(() => undefined);
  try {
    const opened = await api.images.open(place, { signal });
    if (opened.token === token) return makeViewVolume(token, opened.facts, await coming);
    // The file has changed meanwhile.
    return makeViewVolume(opened.token, opened.facts, await fetchVoxels(opened.token, opened.facts, signal));
  } finally {
    stop.abort();
  }
}

/** Makes volumes of the voxels that are there, now and then. */
function showParts(
  token: string,
  outline: VolumeOutline,
  onPart: (part: ViewVolume) => void,
): VoxelsListener {
  let last = performance.now();
  let isFirst = true;
  return (voxels, ready) => {
    const now = performance.now();
    if (voxels.byteLength < LEAST_PARTIAL_BYTES || now - last < PART_MS || ready === voxels.length) return;
    last = now;
    const part = makePartialVolume(token, outline, voxels, ready);
    if (isFirst) darkenRest(part, ready);
    isFirst = false;
    onPart(part);
  };
}

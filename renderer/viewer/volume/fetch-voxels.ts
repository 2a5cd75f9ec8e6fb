import { volumeAddress } from '../../../common/api/images.ts';
import type { Fault } from '../../../common/fault.ts';
import { bytesPerVoxel, createVoxels, type VoxelArray } from '../../../common/imaging/voxel-array.ts';
import type { VolumeOutline } from '../../../common/imaging/volume-facts.ts';

/** Why voxels did not come; shown as any other answer of main. */
export class VoxelsError extends Error {
  readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[] = []) {
    super(message);
    this.name = 'VoxelsError';
    this.faults = faults;
  }
}

/** Hears of voxels on their way: so many of them, from the first, are there; the others are still 0. */
export type VoxelsListener = (voxels: VoxelArray, ready: number) => void;

/** Fetches the voxels of an open volume. Rejects with a VoxelsError, or when the signal aborts. */
export async function fetchVoxels(
  token: string,
  { shape, voxelType }: VolumeOutline,
  signal: AbortSignal,
  onVoxels: VoxelsListener = () => undefined,
): Promise<VoxelArray> {
  const response = await fetch(volumeAddress(token), { signal });
  if (!response.ok) throw await readRefusal(response);
  const voxels = createVoxels(voxelType, shape[0] * shape[1] * shape[2]);
  const bytes = new Uint8Array(voxels.buffer);
  let ready = 0;
  for await (const piece of piecesOf(response)) {
    const room = bytes.length - ready;
    if (piece.length <= room) bytes.set(piece, ready);
    ready += piece.length;
    if (ready <= bytes.length) onVoxels(voxels, Math.floor(ready / bytesPerVoxel(voxelType)));
  }
  if (ready === bytes.length) return voxels;
  throw new VoxelsError(`The image has ${ready} bytes instead of ${bytes.length}.`);
}

async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array, void> {
  const reader = body!.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Nobody takes the rest.
    reader.cancel().catch(() => undefined);
  }
}

async function readRefusal(response: Response): Promise<VoxelsError> {
  const body: unknown = await response.json().catch(() => undefined);
  const { message, faults } = (body ?? {}) as { message?: string; faults?: readonly Fault[] };
  return new VoxelsError(message ?? `The image did not come (${response.status}).`, faults);
}

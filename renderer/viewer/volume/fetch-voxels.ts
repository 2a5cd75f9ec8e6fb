import { volumeAddress } from '../../../common/api/images.ts';
import type { Fault } from '../../../common/fault.ts';
import { bytesPerVoxel, viewVoxelArray, type VoxelArray } from '../../../common/imaging/voxel-array.ts';
import type { VolumeFacts } from '../../../common/imaging/volume-facts.ts';

/** Why voxels did not come; shown as any other answer of main. */
export class VoxelsError extends Error {
  readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[] = []) {
    super(message);
    this.name = 'VoxelsError';
    this.faults = faults;
  }
}

/** Fetches the voxels of an open volume. Rejects with a VoxelsError, or when the signal aborts. */
export async function fetchVoxels(
  token: string,
  { shape, voxelType }: VolumeFacts,
  signal: AbortSignal,
): Promise<VoxelArray> {
  const response = await fetch(volumeAddress(token), { signal });
  if (!response.ok) throw await readRefusal(response);
  const buffer = await response.arrayBuffer();
  const expected = shape[0] * shape[1] * shape[2] * bytesPerVoxel(voxelType);
  if (buffer.byteLength !== expected) {
    throw new VoxelsError(`The image has ${buffer.byteLength} bytes instead of ${expected}.`);
  }
  return viewVoxelArray(voxelType, buffer);
}

async function readRefusal(response: Response): Promise<VoxelsError> {
  const body: unknown = await response.json().catch(() => undefined);
  const { message, faults } = (body ?? {}) as { message?: string; faults?: readonly Fault[] };
  return new VoxelsError(message ?? `The image did not come (${response.status}).`, faults);
}

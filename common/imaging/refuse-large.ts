import { FaultError } from '../fault.ts';
import { voxelTypes, type VoxelType } from './nifti-datatype.ts';
import { MOST_BYTES } from './stored-image.ts';

/** Fault `image-unreadable` for more voxels than can be shown: a header may also announce nonsense. */
export function refuseLarge(count: number, type: VoxelType, name: string): void {
  const bytes = count * voxelTypes[type].bytes;
  if (bytes <= MOST_BYTES) return;
  throw new FaultError({
    code: 'image-unreadable',
    file: name,
    message: `The header announces ${Math.round(bytes / 2 ** 20)} MiB of voxels.`,
    allowed: `at most ${MOST_BYTES / 2 ** 20} MiB`,
  });
}

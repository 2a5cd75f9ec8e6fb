import { FaultError } from '../fault.ts';
import { voxelTypes, type VoxelType } from './nifti-datatype.ts';
import { swapBytes } from './swap-bytes.ts';
import type { NumberArray } from './voxel-array.ts';

export interface StoredLayout {
  readonly voxelType: VoxelType;
  readonly littleEndian: boolean;
  readonly count: number;
  /** Byte position of the first voxel. */
  readonly offset: number;
}

/**
 * The voxels that bytes hold, without a copy where place and byte order allow. 64-bit integers become float64. Fault
 * `image-truncated` when there are too few.
 */
export function viewStored(
  bytes: Uint8Array,
  { voxelType, littleEndian, count, offset }: StoredLayout,
  name: string,
): NumberArray {
  const voxelBytes = voxelTypes[voxelType].bytes;
  const end = offset + count * voxelBytes;
  if (bytes.length < end) {
    throw new FaultError({
      code: 'image-truncated',
      file: name,
      message: `${count} voxels of ${voxelType} from byte ${offset} end at byte ${end}, but there are only ${bytes.length} bytes.`,
    });
  }
  const isAligned = (bytes.byteOffset + offset) % voxelBytes === 0;
  const stays = isAligned && (littleEndian || voxelBytes === 1);
  const voxels = stays ? bytes.subarray(offset, end) : Uint8Array.prototype.slice.call(bytes, offset, end);
  if (!littleEndian) swapBytes(voxels, voxelBytes);
  return viewAs(voxelType, voxels, count);
}

function viewAs(type: VoxelType, { buffer, byteOffset }: Uint8Array, count: number): NumberArray {
  switch (type) {
    case 'uint8':
      return new Uint8Array(buffer, byteOffset, count);
    case 'int8':
      return new Int8Array(buffer, byteOffset, count);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, count);
    case 'int16':
      return new Int16Array(buffer, byteOffset, count);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, count);
    case 'int32':
      return new Int32Array(buffer, byteOffset, count);
    case 'uint64':
      return Float64Array.from(new BigUint64Array(buffer, byteOffset, count), Number);
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer, byteOffset, count), Number);
    case 'float32':
      return new Float32Array(buffer, byteOffset, count);
    case 'float64':
      return new Float64Array(buffer, byteOffset, count);
  }
}

import { fail, succeed, type Result } from '../fault.ts';
import { voxelTypes, type VoxelType } from './nifti-datatype.ts';
import type { NiftiHeader } from './nifti-header.ts';
import { swapBytes } from './swap-bytes.ts';

/** Voxels as they are stored, in the file's order (x fastest). */
export type StoredVoxels =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** How many voxels the header announces. */
export function countVoxels(header: NiftiHeader): number {
  return header.shape.reduce((product, size) => product * size, 1);
}

/**
 * The stored voxels, unscaled, in the file's order. `bytes` is the whole uncompressed file that holds them: the .nii itself,
 * or the .img beside a .hdr. Fault `image-truncated` when it is too short.
 */
export function readStoredVoxels(header: NiftiHeader, bytes: Uint8Array): Result<StoredVoxels> {
  const count = countVoxels(header);
  const voxelBytes = voxelTypes[header.voxelType].bytes;
  const end = header.voxelOffset + count * voxelBytes;
  if (bytes.length < end) {
    return fail({
      code: 'image-truncated',
      message:
        `${header.shape.join(' x ')} voxels of ${header.voxelType} from byte ${header.voxelOffset} end at byte ${end}, ` +
        `but the file ends at byte ${bytes.length}.`,
    });
  }
  // a Buffer's own slice would share memory with its pool
  const copy = Uint8Array.prototype.slice.call(bytes, header.voxelOffset, end);
  if (!header.littleEndian) swapBytes(copy, voxelBytes);
  return succeed(viewVoxels(copy.buffer, header.voxelType));
}

/**
 * The voxels' values as float32 in the file's order, slope and intercept applied. Types of up to 16 bits and float32 are
 * scaled in float32, wider ones in float64 and then rounded, as nibabel does when float32 is asked for.
 */
export function readVoxels(header: NiftiHeader, bytes: Uint8Array): Result<Float32Array> {
  const stored = readStoredVoxels(header, bytes);
  if (!stored.ok) return stored;
  return succeed(scaleVoxels(widenVoxels(stored.value), header));
}

function viewVoxels(buffer: ArrayBuffer, type: VoxelType): StoredVoxels {
  switch (type) {
    case 'uint8':
      return new Uint8Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint64':
      return new BigUint64Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
  }
}

/** 64-bit integers become float64; everything else stays. */
function widenVoxels(stored: StoredVoxels): Exclude<StoredVoxels, BigInt64Array | BigUint64Array> {
  if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
    const wide = new Float64Array(stored.length);
    for (let index = 0; index < stored.length; index++) wide[index] = Number(stored[index]);
    return wide;
  }
  return stored;
}

function scaleVoxels(
  values: Exclude<StoredVoxels, BigInt64Array | BigUint64Array>,
  { slope, intercept }: NiftiHeader,
): Float32Array {
  if (slope === 1 && intercept === 0)
    return values instanceof Float32Array ? values : new Float32Array(values);
  const scaled = new Float32Array(values.length);
  const isNarrow = values.BYTES_PER_ELEMENT <= 2 || values instanceof Float32Array;
  if (isNarrow) {
    const [slope32, intercept32] = [Math.fround(slope), Math.fround(intercept)];
    for (let index = 0; index < values.length; index++) {
      scaled[index] = Math.fround(values[index]! * slope32) + intercept32;
    }
  } else {
    for (let index = 0; index < values.length; index++) scaled[index] = values[index]! * slope + intercept;
  }
  return scaled;
}

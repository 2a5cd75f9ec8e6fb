import { originOf, type Affine } from './affine.ts';
import { toColumnMajor } from './axis-order.ts';
import { splitAffine } from './nifti-affine.ts';
import { voxelTypes } from './nifti-datatype.ts';

/** The types that are written. */
export type WrittenVoxelType = 'float32' | 'uint8' | 'int16';

/** An image to be written. */
export interface NiftiSource {
  /** Values in C order: the last axis fastest. */
  readonly values: Float32Array;
  /** Sizes along x, y, z and further axes; between one and seven, each at most 32767. */
  readonly shape: readonly number[];
  /** Voxel index to world, RAS, millimetres. */
  readonly affine: Affine;
  readonly voxelType: WrittenVoxelType;
  /** At most 79 ASCII characters. */
  readonly description?: string;
}

const HEADER_BYTES = 348;
const VOXEL_OFFSET = 352;
const LARGEST_SIZE = 32767;
const MILLIMETRES = 2;
const ALIGNED_TO_SCANNER = 1;
const DESCRIPTION_BYTES = 80;

/**
 * A little-endian, uncompressed single-file NIfTI-1 image: no scaling, sform and qform both with code 1 (a qform has no room
 * for shears, which only the sform keeps). Integer types round half to even and saturate.
 */
export function encodeNifti(source: NiftiSource): Uint8Array {
  const { shape, voxelType, values } = source;
  if (shape.length < 1 || shape.length > 7 || shape.some((size) => size < 1 || size > LARGEST_SIZE)) {
    throw new RangeError(
      `NIfTI-1 holds one to seven axes of 1 to ${LARGEST_SIZE} voxels, not [${shape.join(', ')}]`,
    );
  }
  const bytes = new Uint8Array(VOXEL_OFFSET + values.length * voxelTypes[voxelType].bytes);
  writeHeader(new DataView(bytes.buffer), source);
  writeText(bytes, 148, (source.description ?? '').slice(0, DESCRIPTION_BYTES - 1));
  writeText(bytes, 344, 'n+1');
  const target = new Uint8Array(bytes.buffer, VOXEL_OFFSET);
  const stored = toColumnMajor(
    convertValues(values, voxelType),
    shape,
    emptyVoxels(voxelType, values.length),
  );
  target.set(new Uint8Array(stored.buffer));
  return bytes;
}

function writeHeader(view: DataView, { shape, affine, voxelType }: NiftiSource): void {
  const { code, bytes } = voxelTypes[voxelType];
  const { quaternion, qfac, sizesMm } = splitAffine(affine);
  view.setInt32(0, HEADER_BYTES, true);
  [shape.length, ...shape, 1, 1, 1, 1, 1, 1, 1]
    .slice(0, 8)
    .forEach((size, at) => view.setInt16(40 + 2 * at, size, true));
  view.setInt16(70, code, true);
  view.setInt16(72, bytes * 8, true);
  const floats = (at: number, numbers: readonly number[]): void =>
    numbers.forEach((number, index) => view.setFloat32(at + 4 * index, number, true));
  floats(76, [qfac, ...sizesMm, 1, 1, 1, 1]);
  floats(108, [VOXEL_OFFSET, 1, 0]);
  view.setUint8(123, MILLIMETRES);
  view.setInt16(252, ALIGNED_TO_SCANNER, true);
  view.setInt16(254, ALIGNED_TO_SCANNER, true);
  floats(256, quaternion);
  floats(268, originOf(affine));
  floats(280, affine.slice(0, 12));
}

function emptyVoxels(type: WrittenVoxelType, count: number): Float32Array | Uint8Array | Int16Array {
  if (type === 'float32') return new Float32Array(count);
  return type === 'uint8' ? new Uint8Array(count) : new Int16Array(count);
}

function convertValues(values: Float32Array, type: WrittenVoxelType): Float32Array | Uint8Array | Int16Array {
  if (type === 'float32') return values;
  const [low, high] = type === 'uint8' ? [0, 255] : [-32768, 32767];
  const integers = emptyVoxels(type, values.length);
  for (let index = 0; index < values.length; index++) {
    integers[index] = Math.min(high, Math.max(low, roundHalfToEven(values[index]!)));
  }
  return integers;
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

function writeText(bytes: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index) & 0x7f;
}

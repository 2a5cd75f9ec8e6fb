/** The types that voxels have in memory and on their way to the window. */
export type VolumeVoxelType = 'uint8' | 'int16' | 'uint16' | 'float32';

/** Voxels of one of these types, x fastest. */
export type VoxelArray = Uint8Array | Int16Array | Uint16Array | Float32Array;

/** Stored voxels of any type that an image file may have, 64-bit integers as float64. */
export type NumberArray =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

const constructors = {
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  float32: Float32Array,
} as const;

/** Bytes of one voxel. */
export const bytesPerVoxel = (type: VolumeVoxelType): number => constructors[type].BYTES_PER_ELEMENT;

/** So many voxels, all 0. */
export const createVoxels = (type: VolumeVoxelType, count: number): VoxelArray =>
  new constructors[type](count);

/** The voxels that the bytes of a buffer hold; the buffer's length is a multiple of a voxel's. */
export const viewVoxelArray = (type: VolumeVoxelType, buffer: ArrayBuffer): VoxelArray =>
  new constructors[type](buffer);

/** The type of an array of voxels. */
export function typeOfVoxels(voxels: VoxelArray): VolumeVoxelType {
  if (voxels instanceof Uint8Array) return 'uint8';
  if (voxels instanceof Int16Array) return 'int16';
  return voxels instanceof Uint16Array ? 'uint16' : 'float32';
}

const ranges: readonly (readonly [VolumeVoxelType, number, number])[] = [
  ['uint8', 0, 255],
  ['int16', -32768, 32767],
  ['uint16', 0, 65535],
];

/**
 * The values in the narrowest type that holds every one of them exactly; float32, and so rounded, where none does. An array
 * that has such a type already comes back as it is.
 */
export function narrowVoxels(values: NumberArray): VoxelArray {
  if (values instanceof Uint8Array || values instanceof Int16Array || values instanceof Uint16Array)
    return values;
  if (values instanceof Int8Array) return Int16Array.from(values);
  const range = findWholeRange(values);
  const type =
    range === undefined
      ? 'float32'
      : (ranges.find(([, low, high]) => range[0] >= low && range[1] <= high)?.[0] ?? 'float32');
  if (type === 'float32') return values instanceof Float32Array ? values : new Float32Array(values);
  const narrow = createVoxels(type, values.length);
  narrow.set(values);
  return narrow;
}

/** Lowest and highest value; undefined as soon as one is no whole number, or lies beyond 16 bits. */
function findWholeRange(values: NumberArray): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isInteger(value) || value < -32768 || value > 65535 || Object.is(value, -0)) return undefined;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

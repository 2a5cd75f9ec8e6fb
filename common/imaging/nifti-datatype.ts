/** The scalar voxel types of NIfTI. */
export type VoxelType =
  'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'uint64' | 'int64' | 'float32' | 'float64';

/** What the header calls each type, and the bytes of one voxel. */
export const voxelTypes: Readonly<Record<VoxelType, { readonly code: number; readonly bytes: number }>> = {
  uint8: { code: 2, bytes: 1 },
  int16: { code: 4, bytes: 2 },
  int32: { code: 8, bytes: 4 },
  float32: { code: 16, bytes: 4 },
  float64: { code: 64, bytes: 8 },
  int8: { code: 256, bytes: 1 },
  uint16: { code: 512, bytes: 2 },
  uint32: { code: 768, bytes: 4 },
  int64: { code: 1024, bytes: 8 },
  uint64: { code: 1280, bytes: 8 },
};

/** Codes that NIfTI defines and that hold no single number per voxel that fits here. */
const unsupportedTypes: Readonly<Record<number, string>> = {
  1: 'binary',
  32: 'complex64',
  128: 'RGB24',
  1536: 'float128',
  1792: 'complex128',
  2048: 'complex256',
  2304: 'RGBA32',
};

/** The type of a header's code; undefined when voxels of that code cannot be read. */
export function voxelTypeOf(code: number): VoxelType | undefined {
  return (Object.keys(voxelTypes) as VoxelType[]).find((type) => voxelTypes[type].code === code);
}

/** A code for people: its name where NIfTI has one. */
export function describeVoxelTypeCode(code: number): string {
  const name = voxelTypeOf(code) ?? unsupportedTypes[code];
  return name === undefined ? `code ${code}` : `${name} (code ${code})`;
}

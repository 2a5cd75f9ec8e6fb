import { voxelTypes, type VoxelType } from '../../../common/imaging/nifti-datatype.ts';

/** What a test wants to stand in a NIfTI file; everything else is as a careful writer would set it. */
export interface NiftiBlueprint {
  readonly version?: 1 | 2;
  readonly littleEndian?: boolean;
  readonly singleFile?: boolean;
  readonly shape: readonly number[];
  readonly voxelType?: VoxelType;
  /** Stored values in the file's order; zeros when absent. */
  readonly values?: readonly number[];
  readonly pixdim?: readonly number[];
  readonly slope?: number;
  readonly intercept?: number;
  readonly voxelOffset?: number;
  readonly datatype?: number;
  readonly qformCode?: number;
  readonly sformCode?: number;
  readonly quaternion?: readonly number[];
  readonly qformOffset?: readonly number[];
  readonly sformRows?: readonly number[];
  readonly magic?: string;
}

/** Byte positions by the definition of the format (nifti1.h, nifti2.h). */
const positions = {
  1: { dim: 40, datatype: 70, bitpix: 72, pixdim: 76, offset: 108, scaling: 112, qform: 252, sform: 254, quaternion: 256, qoffset: 268, srow: 280, magic: 344, header: 348, data: 352 },
  2: { dim: 16, datatype: 12, bitpix: 14, pixdim: 104, offset: 168, scaling: 176, qform: 344, sform: 348, quaternion: 352, qoffset: 376, srow: 400, magic: 4, header: 540, data: 544 },
} as const; // prettier-ignore

/** The bytes of a NIfTI file, written independently of the codec under test. */
export function buildNifti(blueprint: NiftiBlueprint): Uint8Array {
  const { version = 1, littleEndian = true, singleFile = true, shape, voxelType = 'uint8' } = blueprint;
  const at = positions[version];
  const count = Math.max(0, shape.reduce((product, size) => product * size, 1)); // prettier-ignore
  const start = singleFile ? (blueprint.voxelOffset ?? at.data) : 0;
  const bytes = new Uint8Array(
    Math.max(at.data, start + (singleFile ? count * voxelTypes[voxelType].bytes : 0)),
  );
  const view = new DataView(bytes.buffer);
  const real = (position: number, values: readonly number[]): void =>
    values.forEach((value, index) =>
      version === 1
        ? view.setFloat32(position + 4 * index, value, littleEndian)
        : view.setFloat64(position + 8 * index, value, littleEndian),
    );
  const code = (position: number, value: number): void =>
    version === 1
      ? view.setInt16(position, value, littleEndian)
      : view.setInt32(position, value, littleEndian);
  view.setInt32(0, at.header, littleEndian);
  const dim = [shape.length, ...shape, 1, 1, 1, 1, 1, 1, 1].slice(0, 8);
  dim.forEach((size, index) =>
    version === 1
      ? view.setInt16(at.dim + 2 * index, size, littleEndian)
      : view.setBigInt64(at.dim + 8 * index, BigInt(size), littleEndian),
  );
  view.setInt16(at.datatype, blueprint.datatype ?? voxelTypes[voxelType].code, littleEndian);
  view.setInt16(at.bitpix, voxelTypes[voxelType].bytes * 8, littleEndian);
  real(at.pixdim, blueprint.pixdim ?? [1, 1, 1, 1, 1, 1, 1, 1]);
  if (version === 1) view.setFloat32(at.offset, start, littleEndian);
  else view.setBigInt64(at.offset, BigInt(start), littleEndian);
  real(at.scaling, [blueprint.slope ?? 1, blueprint.intercept ?? 0]);
  code(at.qform, blueprint.qformCode ?? 0);
  code(at.sform, blueprint.sformCode ?? 0);
  real(at.quaternion, blueprint.quaternion ?? [0, 0, 0]);
  real(at.qoffset, blueprint.qformOffset ?? [0, 0, 0]);
  real(at.srow, blueprint.sformRows ?? new Array<number>(12).fill(0));
  const magic = blueprint.magic ?? (singleFile ? `n+${version}` : `ni${version}`);
  [...magic].forEach((letter, index) => (bytes[at.magic + index] = letter.charCodeAt(0)));
  if (singleFile) bytes.set(buildVoxels(blueprint), start);
  return bytes;
}

/** The voxels alone: what an .img file holds. */
export function buildVoxels({
  shape,
  voxelType = 'uint8',
  littleEndian = true,
  values,
}: NiftiBlueprint): Uint8Array {
  const count = Math.max(0, shape.reduce((product, size) => product * size, 1)); // prettier-ignore
  const { bytes: step } = voxelTypes[voxelType];
  const bytes = new Uint8Array(count * step);
  const view = new DataView(bytes.buffer);
  const write: Readonly<Record<VoxelType, (position: number, value: number) => void>> = {
    uint8: (position, value) => view.setUint8(position, value),
    int8: (position, value) => view.setInt8(position, value),
    uint16: (position, value) => view.setUint16(position, value, littleEndian),
    int16: (position, value) => view.setInt16(position, value, littleEndian),
    uint32: (position, value) => view.setUint32(position, value, littleEndian),
    int32: (position, value) => view.setInt32(position, value, littleEndian),
    uint64: (position, value) => view.setBigUint64(position, BigInt(value), littleEndian),
    int64: (position, value) => view.setBigInt64(position, BigInt(value), littleEndian),
    float32: (position, value) => view.setFloat32(position, value, littleEndian),
    float64: (position, value) => view.setFloat64(position, value, littleEndian),
  };
  (values ?? []).forEach((value, index) => write[voxelType](index * step, value));
  return bytes;
}

import type { Vector3 } from './affine.ts';

/** The fields of a header as they are stored. */
export interface RawHeader {
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly pixdim: readonly number[];
  readonly voxelOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly description: string;
  readonly qformCode: number;
  readonly sformCode: number;
  readonly quaternion: Vector3;
  readonly qformOffset: Vector3;
  readonly sformRows: readonly number[];
  readonly magic: string;
}

type NumberFormat = 'int16' | 'int32' | 'int64' | 'float32' | 'float64';

interface NumberField {
  readonly at: number;
  readonly format: NumberFormat;
  readonly count: number;
}

interface TextField {
  readonly at: number;
  readonly length: number;
}

/** Where each field of a header version stands (nifti1.h and nifti2.h of the NIfTI data format working group). */
export interface NiftiLayout {
  readonly version: 1 | 2;
  readonly headerBytes: number;
  readonly magic: TextField;
  readonly description: TextField;
  readonly dim: NumberField;
  readonly datatype: NumberField;
  readonly pixdim: NumberField;
  readonly voxelOffset: NumberField;
  readonly scaling: NumberField;
  readonly qformCode: NumberField;
  readonly sformCode: NumberField;
  readonly quaternion: NumberField;
  readonly qformOffset: NumberField;
  readonly sformRows: NumberField;
}

export const nifti1Layout: NiftiLayout = {
  version: 1,
  headerBytes: 348,
  magic: { at: 344, length: 4 },
  description: { at: 148, length: 80 },
  dim: { at: 40, format: 'int16', count: 8 },
  datatype: { at: 70, format: 'int16', count: 1 },
  pixdim: { at: 76, format: 'float32', count: 8 },
  voxelOffset: { at: 108, format: 'float32', count: 1 },
  scaling: { at: 112, format: 'float32', count: 2 },
  qformCode: { at: 252, format: 'int16', count: 1 },
  sformCode: { at: 254, format: 'int16', count: 1 },
  quaternion: { at: 256, format: 'float32', count: 3 },
  qformOffset: { at: 268, format: 'float32', count: 3 },
  sformRows: { at: 280, format: 'float32', count: 12 },
};

export const nifti2Layout: NiftiLayout = {
  version: 2,
  headerBytes: 540,
  magic: { at: 4, length: 8 },
  description: { at: 240, length: 80 },
  dim: { at: 16, format: 'int64', count: 8 },
  datatype: { at: 12, format: 'int16', count: 1 },
  pixdim: { at: 104, format: 'float64', count: 8 },
  voxelOffset: { at: 168, format: 'int64', count: 1 },
  scaling: { at: 176, format: 'float64', count: 2 },
  qformCode: { at: 344, format: 'int32', count: 1 },
  sformCode: { at: 348, format: 'int32', count: 1 },
  quaternion: { at: 352, format: 'float64', count: 3 },
  qformOffset: { at: 376, format: 'float64', count: 3 },
  sformRows: { at: 400, format: 'float64', count: 12 },
};

/** Reads every field; `bytes` holds at least the layout's header. */
export function readFields(bytes: Uint8Array, layout: NiftiLayout, littleEndian: boolean): RawHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, layout.headerBytes);
  const numbers = ({ at, format, count }: NumberField): number[] =>
    Array.from({ length: count }, (_, index) => readNumber(view, at, format, index, littleEndian));
  const text = ({ at, length }: TextField): string =>
    String.fromCharCode(...bytes.subarray(at, at + length)).replace(/\0.*$/s, '');
  const [slope, intercept] = numbers(layout.scaling);
  return {
    magic: text(layout.magic),
    description: text(layout.description),
    dim: numbers(layout.dim),
    datatype: numbers(layout.datatype)[0]!,
    pixdim: numbers(layout.pixdim),
    voxelOffset: numbers(layout.voxelOffset)[0]!,
    slope: slope!,
    intercept: intercept!,
    qformCode: numbers(layout.qformCode)[0]!,
    sformCode: numbers(layout.sformCode)[0]!,
    quaternion: numbers(layout.quaternion) as unknown as Vector3,
    qformOffset: numbers(layout.qformOffset) as unknown as Vector3,
    sformRows: numbers(layout.sformRows),
  };
}

function readNumber(
  view: DataView,
  at: number,
  format: NumberFormat,
  index: number,
  littleEndian: boolean,
): number {
  switch (format) {
    case 'int16':
      return view.getInt16(at + 2 * index, littleEndian);
    case 'int32':
      return view.getInt32(at + 4 * index, littleEndian);
    case 'int64':
      return Number(view.getBigInt64(at + 8 * index, littleEndian));
    case 'float32':
      return view.getFloat32(at + 4 * index, littleEndian);
    case 'float64':
      return view.getFloat64(at + 8 * index, littleEndian);
  }
}

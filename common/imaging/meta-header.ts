import { succeed, type Result } from '../fault.ts';
import { composeAffine, type Affine, type Vector3 } from './affine.ts';
import type { VoxelType } from './nifti-datatype.ts';
import {
  areSizes,
  headerText,
  readNumbers,
  unreadable,
  type HeaderFields,
  type RawImage,
} from './raw-image.ts';

const types: Readonly<Record<string, VoxelType>> = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG: 'int64',
  MET_ULONG: 'uint64',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

/** True for the beginning of a MetaImage file, or a file that is called one. */
export const isMetaImage = (bytes: Uint8Array, file: string): boolean =>
  /^\s*(ObjectType|NDims|Comment)/.test(headerText(bytes.subarray(0, 12))) || /\.mh[ad]$/i.test(file);

/**
 * Reads the header of a MetaImage file, .mha (voxels behind it) or .mhd (voxels elsewhere), as ITK reads and writes them: each
 * row of TransformMatrix is the direction of one axis, in LPS. Faults: `image-unreadable`, without file.
 */
export function parseMetaHeader(bytes: Uint8Array): Result<RawImage> {
  const text = headerText(bytes);
  const end = /^ElementDataFile\s*=[^\n]*\n?/im.exec(text);
  if (!/^\s*\w+\s*=/.test(text) || end === null) {
    return unreadable(
      'This is not a MetaImage file.',
      'lines such as "DimSize = 64 64 32", ElementDataFile last',
    );
  }
  const fields = readFields(text.slice(0, end.index + end[0].length));
  const dataFile = fields.get('elementdatafile')!;
  if (/^LIST\b|%/.test(dataFile))
    return unreadable('The voxels are spread over several files.', 'one data file');
  const isLocal = dataFile.toUpperCase() === 'LOCAL';
  const skip = Number(fields.get('headersize') ?? 0);
  const start = isLocal ? end.index + end[0].length : 0;
  return readImage(fields, {
    dataOffset: skip === -1 ? 'end' : start + Math.max(0, skip || 0),
    ...(isLocal ? {} : { dataFile }),
  });
}

function readFields(text: string): HeaderFields {
  return new Map(
    text.split(/\r?\n/).flatMap((line): [string, string][] => {
      const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key.toLowerCase(), value]];
    }),
  );
}

const isTrue = (text: string | undefined): boolean => /^(true|1)$/i.test(text ?? '');

function readImage(fields: HeaderFields, place: Pick<RawImage, 'dataFile' | 'dataOffset'>): Result<RawImage> {
  const typeName = (fields.get('elementtype') ?? '').toUpperCase().replace(/_ARRAY$/, '');
  const voxelType = types[typeName];
  if (voxelType === undefined) {
    return unreadable(`Voxels of type "${typeName}" cannot be read.`, Object.keys(types).join(', '));
  }
  if (fields.has('binarydata') && !isTrue(fields.get('binarydata'))) {
    return unreadable('The voxels are written as text.', 'BinaryData = True');
  }
  const sizes = readNumbers(fields.get('dimsize'), Number(fields.get('ndims') ?? 3));
  if (sizes === undefined || !areSizes(sizes) || sizes.length < 2 || sizes.length > 4) {
    return unreadable(
      `The header gives the sizes "${fields.get('dimsize') ?? ''}" of ${fields.get('ndims') ?? '?'} axes.`,
      'two or three spatial axes, and one of channels',
    );
  }
  const affine = readAffine(fields, sizes.length);
  if (!affine.ok) return affine;
  const components = Number(fields.get('elementnumberofchannels') ?? 1);
  if (!areSizes([components]) || (components > 1 && sizes.length === 4)) {
    return unreadable(`The header gives ${fields.get('elementnumberofchannels') ?? ''} channels.`);
  }
  return succeed({
    format: 'MetaImage',
    grid: { shape: [sizes[0]!, sizes[1]!, sizes[2] ?? 1], affine: affine.value },
    spatialRank: sizes.length === 2 ? 2 : 3,
    voxelType,
    littleEndian: !isTrue(fields.get('binarydatabyteordermsb') ?? fields.get('elementbyteordermsb')),
    channelCount: sizes[3] ?? components,
    interleaved: components > 1,
    compression: isTrue(fields.get('compresseddata')) ? 'deflate' : 'none',
    ...place,
  });
}

function readAffine(fields: HeaderFields, rank: number): Result<Affine> {
  const spacing = readNumbers(fields.get('elementspacing') ?? fields.get('elementsize') ?? '1 1 1 1');
  const origin = readNumbers(
    fields.get('offset') ?? fields.get('position') ?? fields.get('origin') ?? '0 0 0 0',
  );
  const matrixText = fields.get('transformmatrix') ?? fields.get('rotation') ?? fields.get('orientation');
  const matrix = matrixText === undefined ? identity(rank) : readNumbers(matrixText, rank * rank);
  if (spacing === undefined || origin === undefined || matrix === undefined) {
    return unreadable('ElementSpacing, Offset or TransformMatrix is not made of numbers, one per axis.');
  }
  const part = (axis: number, world: number): number =>
    axis < rank && world < rank ? matrix[axis * rank + world]! : Number(axis === world);
  const toRas = [-1, -1, 1];
  const rows = [0, 1, 2].flatMap((world) =>
    [0, 1, 2].map((axis) => part(axis, world) * (spacing[axis] ?? 1) * toRas[world]!),
  );
  return succeed(
    composeAffine(rows, [0, 1, 2].map((world) => (origin[world] ?? 0) * toRas[world]!) as unknown as Vector3),
  );
}

const identity = (rank: number): readonly number[] =>
  Array.from({ length: rank * rank }, (_, at) => Number(at % (rank + 1) === 0));

import { succeed, type Result } from '../fault.ts';
import { composeAffine, diagonalAffine, type Affine, type Vector3 } from './affine.ts';
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
  'signed char': 'int8', int8: 'int8', int8_t: 'int8',
  uchar: 'uint8', 'unsigned char': 'uint8', uint8: 'uint8', uint8_t: 'uint8',
  short: 'int16', 'short int': 'int16', 'signed short': 'int16', 'signed short int': 'int16', int16: 'int16', int16_t: 'int16',
  ushort: 'uint16', 'unsigned short': 'uint16', 'unsigned short int': 'uint16', uint16: 'uint16', uint16_t: 'uint16',
  int: 'int32', 'signed int': 'int32', int32: 'int32', int32_t: 'int32',
  uint: 'uint32', 'unsigned int': 'uint32', uint32: 'uint32', uint32_t: 'uint32',
  longlong: 'int64', 'long long': 'int64', int64: 'int64', int64_t: 'int64',
  ulonglong: 'uint64', 'unsigned long long': 'uint64', uint64: 'uint64', uint64_t: 'uint64',
  float: 'float32', double: 'float64',
}; // prettier-ignore

const encodings: Readonly<Record<string, RawImage['compression']>> = {
  raw: 'none',
  gzip: 'deflate',
  gz: 'deflate',
};

/** Diagonals that take the world of a header to RAS. */
const spaces: Readonly<Record<string, Vector3>> = {
  'right-anterior-superior': [1, 1, 1],
  ras: [1, 1, 1],
  'left-anterior-superior': [-1, 1, 1],
  las: [-1, 1, 1],
  'left-posterior-superior': [-1, -1, 1],
  lps: [-1, -1, 1],
};

/** What a header means that does not name its world: ITK, and so MONAI, takes it for its own. */
const LPS = 'left-posterior-superior';

/** True for the beginning of an NRRD file. */
export const isNrrd = (bytes: Uint8Array): boolean => headerText(bytes.subarray(0, 4)) === 'NRRD';

/**
 * Reads the header of an NRRD file (NRRD0001 to NRRD0005, teem's format description), attached (.nrrd) or detached (.nhdr):
 * three spatial axes, and before or behind them one axis of channels. Faults: `image-unreadable`, without file.
 */
export function parseNrrdHeader(bytes: Uint8Array): Result<RawImage> {
  const text = headerText(bytes);
  if (!/^NRRD000[1-5]\r?\n/.test(text))
    return unreadable('This is not an NRRD file.', 'NRRD0001 to NRRD0005');
  const blank = /\r?\n\r?\n/.exec(text);
  const fields = readFields(blank === null ? text : text.slice(0, blank.index));
  const dataFile = fields.get('data file') ?? fields.get('datafile');
  if (blank === null && dataFile === undefined) return unreadable('The NRRD header has no end.');
  if (dataFile !== undefined && /^LIST|%/.test(dataFile)) {
    return unreadable('The voxels are spread over several files.', 'one data file');
  }
  const offset = findDataOffset(
    fields,
    dataFile === undefined && blank !== null ? blank.index + blank[0].length : 0,
  );
  return readImage(fields, { dataOffset: offset, ...(dataFile === undefined ? {} : { dataFile }) });
}

function readFields(text: string): HeaderFields {
  const lines = text
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => !line.startsWith('#'));
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const at = line.search(/:[ =]?/);
      return at === -1 || line[at + 1] === '='
        ? []
        : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]];
    }),
  );
}

function findDataOffset(fields: HeaderFields, start: number): number | 'end' {
  const skip = Number(fields.get('byte skip') ?? fields.get('byteskip') ?? 0);
  return skip === -1 ? 'end' : start + (Number.isInteger(skip) && skip > 0 ? skip : 0);
}

function readImage(fields: HeaderFields, place: Pick<RawImage, 'dataFile' | 'dataOffset'>): Result<RawImage> {
  const voxelType = types[fields.get('type')?.toLowerCase() ?? ''];
  if (voxelType === undefined) {
    return unreadable(
      `Voxels of type "${fields.get('type') ?? ''}" cannot be read.`,
      'whole and real numbers',
    );
  }
  const compression = encodings[fields.get('encoding')?.toLowerCase() ?? ''];
  if (compression === undefined) {
    return unreadable(`The encoding "${fields.get('encoding') ?? ''}" cannot be read.`, 'raw, gzip');
  }
  const sizes = readNumbers(fields.get('sizes'), Number(fields.get('dimension')));
  if (sizes === undefined || !areSizes(sizes) || sizes.length < 2 || sizes.length > 4) {
    return unreadable(
      `The header gives the sizes "${fields.get('sizes') ?? ''}" of ${fields.get('dimension') ?? '?'} axes.`,
      'two or three spatial axes, and one of channels',
    );
  }
  const axes = findAxes(fields, sizes);
  const affine = readAffine(fields, axes);
  if (!affine.ok) return affine;
  const shape = axes.spatial.map((axis) => sizes[axis]!);
  return succeed({
    format: 'NRRD',
    grid: { shape: [shape[0]!, shape[1]!, shape[2] ?? 1], affine: affine.value },
    spatialRank: shape.length === 2 ? 2 : 3,
    voxelType,
    littleEndian: fields.get('endian')?.toLowerCase() !== 'big',
    channelCount: axes.channel === undefined ? 1 : sizes[axes.channel]!,
    interleaved: axes.channel === 0,
    compression,
    ...place,
  });
}

interface Axes {
  readonly spatial: readonly number[];
  readonly channel?: number;
}

/** Kinds of axes that hold no channels. */
const PLACES = ['domain', 'space', 'time', 'unknown', 'none', '???'];

/** Which axes are space: one without a direction or of another kind holds channels, or else the last of four. */
function findAxes(fields: HeaderFields, sizes: readonly number[]): Axes {
  const all = sizes.map((_, axis) => axis);
  if (sizes.length < 3) return { spatial: all };
  const directions = directionsOf(fields);
  const kinds = (fields.get('kinds') ?? '').trim().toLowerCase().split(/\s+/);
  const none = directions?.findIndex((direction) => direction === 'none') ?? -1;
  const other = kinds.findIndex((kind) => kind !== '' && !PLACES.includes(kind));
  const channel = none !== -1 ? none : other !== -1 && kinds.length === sizes.length ? other : all[3];
  return channel === undefined
    ? { spatial: all }
    : { spatial: all.filter((axis) => axis !== channel), channel };
}

const directionsOf = (fields: HeaderFields): readonly string[] | undefined =>
  fields
    .get('space directions')
    ?.match(/none|\([^)]*\)/gi)
    ?.map((text) => text.toLowerCase());

const readVector = (text: string | undefined): readonly number[] | undefined =>
  readNumbers(text?.replaceAll(/[(),]/g, ' '));

function readAffine(fields: HeaderFields, { spatial }: Axes): Result<Affine> {
  const space = fields.get('space')?.toLowerCase() ?? LPS;
  const toRas = spaces[space];
  if (toRas === undefined) {
    return unreadable(`The space "${space}" is not known.`, Object.keys(spaces).join(', '));
  }
  const directions = directionsOf(fields);
  if (directions === undefined) return succeed(readSpacings(fields, spatial, toRas));
  const vectors = spatial.map((axis) => asSpatial(readVector(directions[axis]), spatial.length));
  if (vectors.some((vector) => vector?.length !== 3)) {
    return unreadable(
      `The space directions "${fields.get('space directions') ?? ''}" are no vectors.`,
      'one of three numbers per spatial axis',
    );
  }
  const [x, y, z = [0, 0, 1]] = vectors as (readonly number[])[];
  const rows = [0, 1, 2].flatMap((row) => [x![row]!, y![row]!, z[row]!].map((part) => part * toRas[row]!));
  const origin = readVector(fields.get('space origin')) ?? [0, 0, 0];
  return succeed(
    composeAffine(rows, [0, 1, 2].map((row) => (origin[row] ?? 0) * toRas[row]!) as unknown as Vector3),
  );
}

/** Images of two axes lie in a plane of space; of four, all with directions, the last one is no space. */
function asSpatial(vector: readonly number[] | undefined, rank: number): readonly number[] | undefined {
  if (vector?.length === 4) return vector.slice(0, 3);
  return rank === 2 && vector?.length === 2 ? [...vector, 0] : vector;
}

/** Without directions: the spacings, or 1, along the axes of the world. */
function readSpacings(fields: HeaderFields, spatial: readonly number[], toRas: Vector3): Affine {
  const spacings = (fields.get('spacings') ?? '').trim().split(/\s+/).map(Number);
  const size = (at: 0 | 1 | 2): number => {
    const spacing = spatial[at] === undefined ? 1 : spacings[spatial[at]];
    const isSize = spacing !== undefined && Number.isFinite(spacing) && spacing > 0;
    return (isSize ? spacing : 1) * toRas[at];
  };
  return diagonalAffine([size(0), size(1), size(2)]);
}

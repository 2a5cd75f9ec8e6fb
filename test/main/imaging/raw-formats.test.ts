import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import { transformPoint } from '../../../common/imaging/affine.ts';
import { readVolume } from '../../../main/imaging/read-volume.ts';
import { makeScratchFolder } from '../../trainer/data/scratch-folder.ts';

/** Writes a file of a format by ITK. */
type WriteByItk = (
  image: object,
  file: string,
  options?: { readonly useCompression: boolean },
) => Promise<unknown>;

// By a name that is no literal: the package's exports name a file for types that it does not have.
const itkPackage: string = '@itk-wasm/image-io';
const { metaWriteImageNode, nrrdWriteImageNode } = (await import(itkPackage)) as Readonly<
  Record<'metaWriteImageNode' | 'nrrdWriteImageNode', WriteByItk>
>;

const scratch = makeScratchFolder();
const SIZE = [4, 3, 2] as const;
const DATA = Int16Array.from({ length: 24 }, (_, at) => at * 10 - 100);

const read = (file: string, channel = 0) => readVolume({ file: join(scratch, file), name: file, channel });
const put = (file: string, ...parts: (string | Uint8Array)[]): string => {
  writeFileSync(join(scratch, file), Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array))));
  return file;
};
const bytesOf = (data: Int16Array): Uint8Array => new Uint8Array(data.buffer.slice(0));

async function faultOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FaultError);
  return (error as FaultError).faults[0];
}

/** Checks that every voxel of the file is where the LPS geometry puts it. */
async function expectGeometry(
  file: string,
  origin: readonly number[],
  columns: readonly (readonly number[])[],
) {
  const { facts, voxels } = await read(file);
  const places = new Map<string, number>();
  const [nx, ny, nz] = facts.shape;
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        const at = transformPoint(facts.affine, [x, y, z]).map((part) => (part + 0).toFixed(3));
        places.set(at.join(' ').replaceAll('-0.000', '0.000'), voxels[x + nx * (y + ny * z)]!);
      }
  for (let at = 0; at < DATA.length; at++) {
    const index = [at % 4, Math.floor(at / 4) % 3, Math.floor(at / 12)];
    const lps = origin.map((part, world) =>
      columns.reduce((sum, column, axis) => sum + column[world]! * index[axis]!, part),
    );
    const key = [-lps[0]!, -lps[1]!, lps[2]!].map((part) => part.toFixed(3)).join(' ');
    expect(places.get(key.replaceAll('-0.000', '0.000'))).toBe(DATA[at]);
  }
}

const ORIGIN = [5, -6, 7];
const DIRECTION = [0, -1, 0, 1, 0, 0, 0, 0, -1];
const SPACING = [0.5, 2, 3];
/** Column `axis` of direction times spacing, in LPS. */
const COLUMNS = [0, 1, 2].map((axis) =>
  [0, 1, 2].map((world) => DIRECTION[world * 3 + axis]! * SPACING[axis]!),
);

function itkImage() {
  return {
    imageType: { dimension: 3, componentType: 'int16', pixelType: 'Scalar', components: 1 },
    name: 'image',
    origin: ORIGIN,
    spacing: SPACING,
    direction: new Float64Array(DIRECTION),
    size: [...SIZE],
    data: DATA.slice(),
    metadata: new Map(),
  };
}

describe('files that ITK wrote', () => {
  it.each(['itk.nrrd', 'itk.nhdr'])('%s has every voxel in its place', async (file) => {
    await nrrdWriteImageNode(itkImage(), join(scratch, file));
    await expectGeometry(file, ORIGIN, COLUMNS);
  });

  it('a compressed NRRD as well', async () => {
    await nrrdWriteImageNode(itkImage(), join(scratch, 'packed.nrrd'), { useCompression: true });
    await expectGeometry('packed.nrrd', ORIGIN, COLUMNS);
  });

  it.each(['itk.mha', 'itk.mhd'])('%s has every voxel in its place', async (file) => {
    await metaWriteImageNode(itkImage(), join(scratch, file));
    await expectGeometry(file, ORIGIN, COLUMNS);
  });

  it('a compressed MetaImage as well', async () => {
    await metaWriteImageNode(itkImage(), join(scratch, 'packed.mha'), { useCompression: true });
    await expectGeometry('packed.mha', ORIGIN, COLUMNS);
  });
});

const nrrd = (more: string, sizes = '4 3 2', dimension = 3): string =>
  `NRRD0004\ntype: short\ndimension: ${dimension}\nsizes: ${sizes}\nspace: ras\n${more}`;

describe('NRRD', () => {
  it('reads channels in front and behind, byte order and skipped bytes', async () => {
    const swapped = Buffer.from(bytesOf(DATA)).swap16();
    const front = put(
      'front.nrrd',
      nrrd('kinds: vector domain domain domain\nendian: big\nencoding: raw\n\n', '2 2 3 2', 4),
      swapped,
    );
    const second = await read(front, 1);
    expect(Array.from(second.voxels)).toEqual(Array.from(DATA).filter((_, at) => at % 2 === 1));
    expect(second.facts.source).toMatchObject({ channel: 1, channelCount: 2 });
    const behind = put(
      'behind.nrrd',
      nrrd('endian: little\nencoding: gzip\n\n', '2 3 2 2', 4),
      gzipSync(bytesOf(DATA)),
    );
    expect(Array.from((await read(behind, 1)).voxels)).toEqual(Array.from(DATA).slice(12));
    put('skipped.raw', 'xxxxxx', bytesOf(DATA));
    const skipped = put(
      'skipped.nhdr',
      nrrd('encoding: raw\nendian: little\nbyte skip: -1\ndata file: skipped.raw\n'),
    );
    expect(Array.from((await read(skipped)).voxels)).toEqual(Array.from(DATA));
  });

  it.each([
    ['type: block\ndimension: 3\nsizes: 4 3 2\nencoding: raw\n\n', 'type "block"'],
    ['type: short\ndimension: 3\nsizes: 4 3 2\nencoding: ascii\n\n', 'encoding "ascii"'],
    ['type: short\ndimension: 3\nsizes: 4 3\nencoding: raw\n\n', 'sizes "4 3" of 3 axes'],
    ['type: short\ndimension: 3\nsizes: 4 -3 2\nencoding: raw\n\n', 'sizes "4 -3 2"'],
    [
      'type: short\ndimension: 3\nsizes: 4 3 2\nencoding: raw\nspace: mars\nspace directions: (1,0,0) (0,1,0) (0,0,1)\n\n',
      'space "mars"',
    ],
    [
      'type: short\ndimension: 3\nsizes: 4 3 2\nencoding: raw\nspace: lps\nspace directions: (1,0) (0,1) (0,0)\n\n',
      'no vectors',
    ],
    [
      'type: short\ndimension: 3\nsizes: 4 3 2\nencoding: raw\nspace: lps\nspace directions: (1,0,0) (0,1,0) (0,1,0)\n\n',
      'do not span space',
    ],
    ['type: short\ndimension: 3\nsizes: 4 3 2\nencoding: raw\ndata file: LIST\n\n', 'several files'],
    [
      'type: short\ndimension: 3\nsizes: 4 3 2\nencoding: raw\ndata file: ../../etc/passwd\n\n',
      'another folder',
    ],
    ['type: short\ndimension: 3\nsizes: 40000 40000 40000\nencoding: raw\n\n', 'MiB of voxels'],
  ])('refuses %j', async (header, reason) => {
    const fault = await faultOf(read(put('bad.nrrd', `NRRD0004\n${header}`, bytesOf(DATA))));
    expect(fault).toMatchObject({ code: 'image-unreadable', file: 'bad.nrrd' });
    expect(fault!.message).toContain(reason);
  });

  it('says what is cut off, damaged, not compressed or missing', async () => {
    const raw = nrrd('encoding: raw\nendian: little\n\n');
    expect(await faultOf(read(put('cut.nrrd', raw, bytesOf(DATA).subarray(0, 40))))).toMatchObject({
      code: 'image-truncated',
    });
    const packed = gzipSync(bytesOf(DATA));
    const gzip = nrrd('encoding: gzip\nendian: little\n\n');
    expect(await faultOf(read(put('cut.nrrd', gzip, packed.subarray(0, -10))))).toMatchObject({
      code: 'image-truncated',
    });
    const damaged = Uint8Array.from(packed).fill(255, 10, 20);
    expect(await faultOf(read(put('damaged.nrrd', gzip, damaged)))).toMatchObject({
      code: 'image-unreadable',
      message: expect.stringContaining('damaged') as string,
    });
    expect(await faultOf(read(put('plain.nrrd', gzip, bytesOf(DATA))))).toMatchObject({
      code: 'image-unreadable',
    });
    const lost = put('lost.nhdr', nrrd('encoding: raw\ndata file: gone.raw\n'));
    expect(await faultOf(read(lost))).toMatchObject({ code: 'image-missing', file: 'gone.raw' });
  });
});

describe('MetaImage', () => {
  const meta = (more: string): string => `ObjectType = Image\nNDims = 3\nDimSize = 4 3 2\n${more}`;

  it('reads big-endian, compressed voxels of several channels', async () => {
    const swapped = Buffer.from(bytesOf(DATA)).swap16();
    const file = put(
      'channels.mha',
      'ObjectType = Image\nNDims = 3\nDimSize = 2 3 2\nElementNumberOfChannels = 2\nBinaryDataByteOrderMSB = True\n' +
        'CompressedData = True\nElementType = MET_SHORT\nElementDataFile = LOCAL\n',
      deflateSync(swapped),
    );
    const { voxels } = await read(file, 0);
    // No TransformMatrix: LPS, so both axes of the plane are turned.
    expect(voxels.length).toBe(12);
    expect([...voxels].sort((a, b) => a - b)).toEqual(Array.from(DATA).filter((_, at) => at % 2 === 0));
    expect(await faultOf(read(file, 2))).toMatchObject({
      message: 'There is no channel 2.',
      allowed: '0 to 1',
    });
  });

  it.each([
    ['ElementType = MET_STRING\nElementDataFile = LOCAL\n', 'type "MET_STRING"'],
    ['ElementType = MET_SHORT\nBinaryData = False\nElementDataFile = LOCAL\n', 'written as text'],
    ['ElementType = MET_SHORT\nElementDataFile = slice%03d.raw 1 2 1\n', 'several files'],
    ['ElementType = MET_SHORT\nTransformMatrix = 1 0 0\nElementDataFile = LOCAL\n', 'TransformMatrix'],
    ['ElementType = MET_SHORT\n', 'not a MetaImage'],
  ])('refuses %j', async (header, reason) => {
    const fault = await faultOf(read(put('bad.mha', meta(header), bytesOf(DATA))));
    expect(fault).toMatchObject({ code: 'image-unreadable', file: 'bad.mha' });
    expect(fault!.message).toContain(reason);
  });
});

it('says of anything else that it is no image', async () => {
  mkdirSync(join(scratch, 'folder'));
  expect(await faultOf(read('folder'))).toMatchObject({ code: 'image-unreadable' });
  expect(await faultOf(read(put('text.nii', 'hello, world')))).toMatchObject({ code: 'image-unreadable' });
  expect(await faultOf(read('nothing.nii'))).toMatchObject({ code: 'image-missing', file: 'nothing.nii' });
});

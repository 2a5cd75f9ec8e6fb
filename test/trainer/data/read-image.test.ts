import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FaultError, type Fault } from '../../../common/fault.ts';
import { readImage } from '../../../trainer/data/read-image.ts';
import { findSharedData } from '../../shared-data.ts';
import { buildNifti, buildVoxels, type NiftiBlueprint } from '../../common/imaging/build-nifti.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const folder = makeScratchFolder();

function write(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

function faultOf(read: () => unknown): Fault {
  try {
    read();
  } catch (error) {
    if (error instanceof FaultError) return error.faults[0];
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Voxel (x, y, z) holds x + 10 y + 100 z. */
const volume: NiftiBlueprint = {
  shape: [3, 2, 2],
  voxelType: 'int16',
  values: [0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112],
  sformCode: 1,
  sformRows: [-2, 0, 0, 5, 0, 2, 0, 6, 0, 0, 3, 7],
  pixdim: [1, 2, 2, 3, 1, 1, 1, 1],
};
const inRows = [0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112];

describe('one file', () => {
  test.each([
    ['plain.nii', buildNifti(volume)],
    ['packed.nii.gz', gzipSync(buildNifti(volume))],
    ['packed-without-saying-so.nii', gzipSync(buildNifti(volume))],
    ['plain-in-spite-of-its-name.nii.gz', buildNifti(volume)],
    ['second-version.nii', buildNifti({ ...volume, version: 2 })],
    ['big-endian.nii', buildNifti({ ...volume, littleEndian: false })],
    ['voxels-later.nii', buildNifti({ ...volume, voxelOffset: 400 })],
  ])('%s', (name, bytes) => {
    const file = write(name, bytes);
    const { voxels, meta } = readImage(file);
    expect(voxels.shape).toEqual([3, 2, 2]);
    expect([...voxels.data]).toEqual(inRows);
    expect(meta).toEqual({
      affine: [...volume.sformRows!, 0, 0, 0, 1],
      originalAffine: [...volume.sformRows!, 0, 0, 0, 1],
      spatialShape: [3, 2, 2],
      originalChannelDim: 'no_channel',
      fileName: file,
    });
  });

  test.each([
    ['pair.hdr', 'pair.img', false],
    ['packed-pair.hdr.gz', 'packed-pair.img.gz', true],
  ])('%s with its %s, by either name', (header, image, isPacked) => {
    const pack = (bytes: Uint8Array): Uint8Array => (isPacked ? gzipSync(bytes) : bytes);
    const headerFile = write(header, pack(buildNifti({ ...volume, singleFile: false })));
    const imageFile = write(image, pack(buildVoxels(volume)));
    for (const file of [headerFile, imageFile]) expect([...readImage(file).voxels.data]).toEqual(inRows);
  });

  test('a pair whose voxels begin as data that zlib has compressed', () => {
    const begun = { shape: [2, 1, 1], values: [0x78, 0x9c] };
    write('begun.hdr', buildNifti({ ...begun, singleFile: false }));
    const image = write('begun.img', buildVoxels(begun));
    expect([...readImage(image).voxels.data]).toEqual([0x78, 0x9c]);
  });

  test('more than three axes: the rest is channels', () => {
    const file = write('channels.nii', buildNifti({ shape: [2, 1, 1, 3], values: [1, 2, 3, 4, 5, 6] }));
    const { voxels, meta } = readImage(file);
    expect(voxels.shape).toEqual([2, 1, 1, 3]);
    expect([...voxels.data]).toEqual([1, 3, 5, 2, 4, 6]);
    expect(meta).toMatchObject({ spatialShape: [2, 1, 1], originalChannelDim: -1 });
  });

  test('a slice has two axes', () => {
    const { meta } = readImage(write('slice.nii', buildNifti({ shape: [2, 3] })));
    expect(meta).toMatchObject({ spatialShape: [2, 3], originalChannelDim: 'no_channel' });
  });
});

describe('several files are channels of one image', () => {
  const first = write('c0.nii', buildNifti({ shape: [2, 1, 1], values: [1, 2] }));
  const second = write('c1.nii', buildNifti({ shape: [2, 1, 1], values: [3, 4] }));

  test('stacked in front', () => {
    const { voxels, meta } = readImage([first, second]);
    expect(voxels.shape).toEqual([2, 2, 1, 1]);
    expect([...voxels.data]).toEqual([1, 2, 3, 4]);
    expect(meta).toMatchObject({ originalChannelDim: 0, spatialShape: [2, 1, 1], fileName: first });
  });

  test('files that have channels already are joined along them', () => {
    const file = write('c2.nii', buildNifti({ shape: [2, 1, 1, 2], values: [1, 2, 3, 4] }));
    const { voxels, meta } = readImage([file, file]);
    expect(voxels.shape).toEqual([4, 2, 1, 1]);
    expect([...voxels.data]).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
    expect(meta.originalChannelDim).toBe(0);
  });

  test('a list of one is that one', () => {
    expect(readImage([first]).voxels.shape).toEqual([2, 1, 1]);
  });

  test('they must have the same size', () => {
    const odd = write('c3.nii', buildNifti({ shape: [3, 1, 1] }));
    expect(faultOf(() => readImage([first, odd]))).toMatchObject({ code: 'image-size-mismatch', file: odd });
  });

  test('and the same affine', () => {
    const odd = write('c4.nii', buildNifti({ shape: [2, 1, 1], pixdim: [1, 2, 1, 1, 1, 1, 1, 1] }));
    expect(faultOf(() => readImage([first, odd]))).toMatchObject({
      code: 'image-size-mismatch',
      message: expect.stringContaining('affine'),
    });
  });
});

describe('files that cannot be read', () => {
  const packed = gzipSync(buildNifti({ shape: [40, 40, 40], voxelType: 'int16', values: [1, 2, 3] }));
  const damaged = Uint8Array.from(packed);
  damaged.fill(0xff, 20, 60);
  mkdirSync(join(folder, 'a-folder.nii'));
  test.each([
    ['missing.nii', undefined, 'image-missing', 'There is no such image file.'],
    ['a-folder.nii', undefined, 'image-unreadable', 'folder'],
    [
      'text.nii',
      new TextEncoder().encode('{"not": "an image"}'.repeat(30)),
      'image-unreadable',
      'not a NIfTI',
    ],
    ['short.nii', buildNifti(volume).subarray(0, 360), 'image-truncated', 'ends at byte 360'],
    ['short.nii.gz', packed.subarray(0, packed.length - 30), 'image-truncated', 'end too early'],
    ['damaged.nii.gz', damaged, 'image-unreadable', 'damaged'],
    [
      'alone.hdr',
      buildNifti({ ...volume, singleFile: false }),
      'image-missing',
      'There is no such image file.',
    ],
  ])('%s', (name, bytes, code, text) => {
    const file = bytes === undefined ? join(folder, name) : write(name, bytes);
    const fault = faultOf(() => readImage(file));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(text);
    expect(fault.file).toBe(name === 'alone.hdr' ? join(folder, 'alone.img') : file);
  });
});

const hippocampus = findSharedData('hippocampus', 'all real volumes of the hippocampus set');
describe.skipIf(hippocampus === undefined)('all real volumes of the hippocampus set', () => {
  test('are read, labels fit their images, values are finite', () => {
    const images = readdirSync(join(hippocampus!, 'imagesTr')).filter((name) => name.endsWith('.nii.gz'));
    expect(images.length).toBeGreaterThan(100);
    for (const name of images) {
      const image = readImage(join(hippocampus!, 'imagesTr', name));
      const label = readImage(join(hippocampus!, 'labelsTr', name));
      expect(image.voxels.shape.length).toBe(3);
      expect(label.voxels.shape).toEqual(image.voxels.shape);
      expect(label.voxels.data.every((value) => [0, 1, 2].includes(value))).toBe(true);
      expect(image.voxels.data.every(Number.isFinite)).toBe(true);
    }
  });
});

test('the fixture of hippocampus_001 has the bytes that its numbers were made from', () => {
  const fixture = new URL('../../fixtures/monai/hippocampus/hippocampus_001.nii.gz', import.meta.url);
  expect(readFileSync(fixture).length).toBe(49874);
});

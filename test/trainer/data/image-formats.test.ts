import { cpSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FaultError, type Fault } from '../../../common/fault.ts';
import { readImage } from '../../../trainer/data/read-image.ts';
import { writeSlices } from '../../main/imaging/dicom-files.ts';
import { readMonaiNumbers, relativeDifference } from '../monai-numbers.ts';
import { makeScratchFolder } from './scratch-folder.ts';

/** What MONAI's LoadImage makes of a file. */
interface MonaiImage {
  readonly shape: readonly number[];
  readonly affine: readonly number[];
  readonly spatialShape: readonly number[];
  readonly channelDim: number | 'no_channel';
  /** The voxels, or the name of the file that has the same ones. */
  readonly voxels: readonly number[] | string;
}

const folder = join(import.meta.dirname, '../../fixtures/monai/formats');
const numbers = readMonaiNumbers<Readonly<Record<string, MonaiImage>>>('formats/formats');
const scratch = makeScratchFolder();

const voxelsOf = (name: string): readonly number[] => {
  const { voxels } = numbers[name];
  return typeof voxels === 'string' ? voxelsOf(voxels) : voxels;
};

function faultOf(file: string): Fault {
  try {
    readImage(file);
  } catch (error) {
    if (error instanceof FaultError) return error.faults[0];
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('agrees with MONAI', () => {
  test.each(Object.keys(numbers))('%s', (name) => {
    const { shape, affine, spatialShape, channelDim } = numbers[name];
    const { voxels, meta } = readImage(join(folder, name));
    expect(voxels.shape).toEqual(shape);
    expect(relativeDifference(voxels.data, voxelsOf(name))).toBe(0);
    // ITK does not know the distance to the next slice of a single one; its thickness is taken.
    const depth = name === 'slice/1.dcm' ? 2.5 : 1;
    const wanted = affine.map((value, at) => (at % 4 === 2 ? value * depth : value));
    expect(relativeDifference(meta.affine, wanted)).toBeLessThan(1e-7);
    expect(meta.originalAffine).toEqual(meta.affine);
    expect(meta).toMatchObject({
      spatialShape,
      originalChannelDim: channelDim,
      fileName: join(folder, name),
    });
  });
});

describe('one volume in every format', () => {
  const wanted = readImage(join(folder, 'volume.nii.gz'));

  test.each(['volume.nrrd', 'volume.nhdr', 'volume.mha', 'volume.mhd', 'series', 'series-rle'])(
    '%s',
    (name) => {
      const { voxels, meta } = readImage(join(folder, name));
      expect(voxels).toEqual(wanted.voxels);
      expect(relativeDifference(meta.affine, wanted.meta.affine)).toBeLessThan(1e-6);
      expect({ ...meta, affine: [], originalAffine: [], fileName: '' }).toEqual({
        ...wanted.meta,
        affine: [],
        originalAffine: [],
        fileName: '',
      });
    },
  );

  test('channels of different formats', () => {
    const { voxels, meta } = readImage(['volume.nrrd', 'volume.mha'].map((name) => join(folder, name)));
    expect(voxels.shape).toEqual([2, ...wanted.voxels.shape]);
    expect(voxels.data).toEqual(Float32Array.of(...wanted.voxels.data, ...wanted.voxels.data));
    expect(meta.originalChannelDim).toBe(0);
  });
});

describe('what cannot be read', () => {
  const copy = (name: string): string => {
    cpSync(join(folder, name), join(scratch, name), { recursive: true });
    return join(scratch, name);
  };
  const write = (name: string, text: string): string => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };

  test.each(['volume.nrrd', 'volume.mha'])('%s that is cut off', (name) => {
    const file = copy(name);
    truncateSync(file, statSync(file).size - 20);
    expect(faultOf(file)).toMatchObject({ code: 'image-truncated', file });
  });

  test('a header without the file of its voxels', () => {
    expect(faultOf(copy('volume.mhd'))).toMatchObject({
      code: 'image-missing',
      file: join(scratch, 'volume.raw'),
    });
  });

  test('a header that leads elsewhere', () => {
    const header =
      'NRRD0004\ntype: short\ndimension: 3\nsizes: 4 3 2\nencoding: raw\ndata file: ../x.raw\n\n';
    expect(faultOf(write('elsewhere.nhdr', header))).toMatchObject({
      code: 'image-unreadable',
      allowed: 'a file beside the header',
    });
  });

  test('a folder without DICOM images', () => {
    const series = copy('series');
    for (const name of readdirSync(series)) truncateSync(join(series, name), 100);
    expect(faultOf(series)).toMatchObject({
      code: 'image-unreadable',
      file: series,
      message: 'None of the 4 files in the folder is a DICOM image.',
    });
  });

  test('slices whose compression is damaged, with its name', () => {
    const slices = [0, 1].map((z) => ({
      file: `${z}.dcm`,
      rows: 4,
      columns: 4,
      pixels: new Int16Array(16),
      position: [0, 0, z],
      syntax: '1.2.840.10008.1.2.4.90',
    }));
    const file = writeSlices(join(scratch, 'damaged'), slices);
    expect(faultOf(file)).toMatchObject({
      code: 'image-unreadable',
      file,
      message: expect.stringContaining(
        'JPEG 2000 lossless (1.2.840.10008.1.2.4.90) could not be decoded',
      ) as string,
    });
  });
});

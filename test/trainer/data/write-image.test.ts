import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import type { NiftiSource } from '../../../common/imaging/nifti-encode.ts';
import { readImage } from '../../../trainer/data/read-image.ts';
import { writeImage } from '../../../trainer/data/write-image.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const folder = makeScratchFolder();
const image: NiftiSource = {
  values: Float32Array.from({ length: 24 }, (_, index) => index * 1.5),
  shape: [2, 3, 4],
  affine: [-1, 0, 0, 4, 0, 2, 0, 5, 0, 0, 3, 6, 0, 0, 0, 1],
  voxelType: 'float32',
};

describe('writing images', () => {
  test.each(['plain.nii', 'packed.nii.gz'])('%s is read as it was written', (name) => {
    const file = join(folder, 'new', 'folders', name);
    writeImage(file, image);
    const { voxels, meta } = readImage(file);
    expect(voxels).toEqual({ shape: [2, 3, 4], data: image.values });
    expect(meta.affine).toEqual(image.affine);
    expect(readFileSync(file)[0]).toBe(name.endsWith('.gz') ? 0x1f : 348 & 0xff);
  });

  test('a file that was there is replaced, and nothing else is left', () => {
    const file = join(folder, 'once', 'a.nii');
    writeImage(file, image);
    writeImage(file, { ...image, values: image.values.map((value) => -value) });
    expect(readImage(file).voxels.data[1]).toBe(-1.5);
    expect(readdirSync(join(folder, 'once'))).toEqual(['a.nii']);
  });

  test('a file where a folder is needed is a fault that names the image', () => {
    writeFileSync(join(folder, 'occupied'), '');
    const file = join(folder, 'occupied', 'a.nii');
    expect(() => writeImage(file, image)).toThrow(FaultError);
    try {
      writeImage(file, image);
    } catch (error) {
      expect((error as FaultError).faults[0]).toMatchObject({ code: 'file-unwritable', file });
    }
  });

  test('what could not be finished leaves nothing behind', () => {
    const taken = join(folder, 'taken');
    mkdirSync(join(taken, 'a.nii'), { recursive: true });
    expect(() => writeImage(join(taken, 'a.nii'), image)).toThrow(FaultError);
    expect(readdirSync(taken)).toEqual(['a.nii']);
  });
});

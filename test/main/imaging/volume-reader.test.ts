import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import { diagonalAffine } from '../../../common/imaging/affine.ts';
import { encodeNifti } from '../../../common/imaging/nifti-encode.ts';
import { createVolumeReader } from '../../../main/imaging/volume-reader.ts';
import { buildNifti, buildVoxels } from '../../common/imaging/build-nifti.ts';
import { makeScratchFolder } from '../../trainer/data/scratch-folder.ts';

const scratch = makeScratchFolder();
const reader = createVolumeReader();
afterAll(() => reader.dispose());

function writeNifti(name: string, affine = diagonalAffine([1, 2, 3])): string {
  const values = Float32Array.from({ length: 24 }, (_, at) => at);
  const file = join(scratch, name);
  writeFileSync(file, encodeNifti({ values, shape: [2, 3, 4], affine, voxelType: 'int16' }));
  return file;
}

it('reads in a thread, turned to RAS, in the narrowest type', async () => {
  const file = writeNifti('a.nii', diagonalAffine([-1, 2, 3], [10, 0, 0]));
  const { facts, voxels } = await reader.read({ file, name: 'a.nii', channel: 0 });
  expect(facts).toMatchObject({
    shape: [2, 3, 4],
    spacingMm: [1, 2, 3],
    voxelType: 'int16',
    source: { format: 'NIfTI-1', orientation: 'LAS' },
    statistics: { min: 0, max: 23, mean: 11.5, whole: true, notFinite: 0 },
  });
  // C order in the source: voxel (x, y, z) is 12 x + 4 y + z; x is mirrored, and so is its affine.
  expect(Array.from(voxels.subarray(0, 4))).toEqual([12, 0, 16, 4]);
  expect(facts.affine.slice(0, 4)).toEqual([1, 0, 0, 9]);
});

it('reads a pair whose voxels begin as data that zlib has compressed', async () => {
  const begun = { shape: [2, 1, 1], values: [0x78, 0x9c] };
  writeFileSync(join(scratch, 'begun.hdr'), buildNifti({ ...begun, singleFile: false }));
  writeFileSync(join(scratch, 'begun.img'), buildVoxels(begun));
  const { voxels } = await reader.read({ file: join(scratch, 'begun.hdr'), name: 'begun.hdr', channel: 0 });
  expect([...voxels].toSorted((a, b) => a - b)).toEqual([0x78, 0x9c]);
});

it('answers every question, also after one that failed', async () => {
  const file = writeNifti('b.nii');
  const [good, bad, again] = await Promise.allSettled([
    reader.read({ file, name: 'b.nii', channel: 0 }),
    reader.read({ file: join(scratch, 'none.nii'), name: 'none.nii', channel: 0 }),
    reader.read({ file, name: 'b.nii', channel: 1 }),
  ]);
  expect(good.status).toBe('fulfilled');
  expect(bad).toMatchObject({
    status: 'rejected',
    reason: { faults: [{ code: 'image-missing', file: 'none.nii' }] },
  });
  expect(again).toMatchObject({
    status: 'rejected',
    reason: { faults: [{ message: 'There is no channel 1.' }] },
  });
});

it('starts anew after its thread was lost', async () => {
  const file = writeNifti('c.nii');
  const lost = reader.read({ file, name: 'c.nii', channel: 0 }).catch((error: unknown) => error);
  await reader.dispose();
  const outcome = await lost;
  expect(outcome).not.toBeInstanceOf(FaultError);
  expect((await reader.read({ file, name: 'c.nii', channel: 0 })).facts.shape).toEqual([2, 3, 4]);
});

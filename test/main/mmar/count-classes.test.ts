import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { countClasses } from '../../../main/mmar/count-classes.ts';
import { buildNifti } from '../../common/imaging/build-nifti.ts';
import { makeScratchFolder } from '../../trainer/data/scratch-folder.ts';

const scratch = makeScratchFolder();
function write(name: string, values: readonly number[]): { label: string } {
  const image = { shape: [values.length, 1, 1], values: [...values], voxelType: 'float32' as const };
  writeFileSync(join(scratch, name), buildNifti(image));
  return { label: name };
}

it('counts up to the largest value of all labels, and at least two', async () => {
  const training = [write('a.nii', [0, 1]), write('b.nii', [3, 0])];
  await expect(countClasses({ name: 'set', training }, scratch)).resolves.toBe(4);
  await expect(countClasses({ training: [write('c.nii', [0, 0])] }, scratch)).resolves.toBe(2);
});

it('passes over voxels that are no number', async () => {
  const training = [write('d.nii', [0, NaN, 2])];
  await expect(countClasses({ training }, scratch)).resolves.toBe(3);
});

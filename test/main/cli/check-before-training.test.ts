import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkBeforeTraining } from '../../../main/cli/check-before-training.ts';
import { newMmar } from '../../../main/mmar/new-mmar.ts';
import { makePhantoms } from '../../make-phantoms.ts';

let folder: string;
let mmar: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-check-'));
  mmar = join(folder, 'mmar');
  await newMmar({ template: 'segmentation-unet-3d', folder: mmar, datalist: await makePhantoms(folder) });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = ['-c', 'config/config_train.json', '-e', 'config/environment.json', '--write_train_stats'];

it("finds nothing wrong with a new MMAR, by the trainer's own options", async () => {
  expect(await checkBeforeTraining(['-m', mmar, ...options])).toMatchObject({ faults: [] });
  expect(
    await checkBeforeTraining([`--mmar=${mmar}`, '--train_config', 'config/config_train.json']),
  ).toMatchObject({ faults: [] });
});

it('takes --set into account, and the images', async () => {
  rmSync(join(folder, 'data/images/phantom_002.nii.gz'));
  const { faults } = await checkBeforeTraining([
    '-m',
    mmar,
    '--set',
    'epochs=2',
    'num_interval_per_valid=9',
    ...options,
  ]);
  expect(faults.map(({ code }) => code).sort()).toEqual(['image-missing', 'validation-never-runs']);
});

it('leaves wrong options to the trainer', async () => {
  expect(await checkBeforeTraining([])).toEqual({ faults: [], warnings: [] });
  expect(await checkBeforeTraining(['-m', mmar, '--set', '=3', ...options])).toEqual({
    faults: [],
    warnings: [],
  });
});

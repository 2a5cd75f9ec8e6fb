import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeSeededRandom } from '../../../common/random/seeded-random.ts';
import { createFromSource } from '../../../main/library/create-from-source.ts';
import { surveySource } from '../../../main/library/survey-source.ts';
import { checkMmar } from '../../../main/mmar/check/check-mmar.ts';
import { writePhantomDataSet } from '../../../main/phantoms/write-data-set.ts';
import { codesOf, openShelf, type TestShelf } from './fixtures.ts';

const TEMPLATE = 'segmentation-unet-3d';
let shelf: TestShelf;
beforeEach(() => {
  shelf = openShelf();
});
afterEach(() => shelf.remove());

async function makeData(): Promise<string> {
  const random = makeSeededRandom(3);
  const folder = join(shelf.root, 'images-of-phantoms');
  await writePhantomDataSet({
    folder,
    training: 4,
    validation: 1,
    test: 1,
    baseSize: 16,
    random: () => random.uniform(),
  });
  return folder;
}

it('counts the cases of a data list', async () => {
  const folder = await makeData();
  const survey = await surveySource({ kind: 'list', file: join(folder, 'dataset.json') });
  expect(survey).toMatchObject({ training: 4, validation: 1, test: 1 });
  expect(survey.sample[0]).toEqual({
    image: 'images/phantom_001.nii.gz',
    label: 'labels/phantom_001.nii.gz',
  });
});

it('refuses a list that lists nothing, is no JSON, or is not there', async () => {
  const folder = shelf.makeFolder('lists');
  writeFileSync(join(folder, 'empty.json'), '{}');
  writeFileSync(join(folder, 'text.json'), 'hello');
  const survey = (name: string): Promise<unknown> => surveySource({ kind: 'list', file: join(folder, name) });
  expect(await codesOf(survey('empty.json'))).toEqual(['data-list']);
  expect(await codesOf(survey('text.json'))).toEqual(['json-syntax']);
  expect(await codesOf(survey('none.json'))).toEqual(['file-missing']);
});

it('makes an MMAR with its own list of images and labels, and writes nothing to their folder', async () => {
  const data = await makeData();
  const before = readFileSync(join(data, 'dataset.json'), 'utf8');
  const source = { kind: 'folders', folder: data, validation: 0.34, seed: 5 } as const;
  expect(await surveySource(source)).toMatchObject({ training: 4, validation: 2, test: 0 });
  const folder = join(shelf.root, 'mmars/made');
  await createFromSource(TEMPLATE, folder, source);
  const list = JSON.parse(readFileSync(join(folder, 'config/dataset_0.json'), 'utf8')) as Record<
    string,
    unknown[]
  >;
  expect(list.training).toHaveLength(4);
  expect(list.validation).toHaveLength(2);
  expect(readFileSync(join(data, 'dataset.json'), 'utf8')).toBe(before);
  expect((await checkMmar(folder, {})).faults).toEqual([]);
});

it('makes nothing when the folders hold no pairs', async () => {
  const folder = join(shelf.root, 'mmars/none');
  const source = { kind: 'folders', folder: shelf.makeFolder('empty'), validation: 0.2, seed: 0 } as const;
  await codesOf(createFromSource(TEMPLATE, folder, source));
  expect(existsSync(folder)).toBe(false);
});

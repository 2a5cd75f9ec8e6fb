import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mmarId } from '../../../common/api/ids.ts';
import { createChecksService } from '../../../main/services/checks.ts';
import { createDataListService } from '../../../main/services/data-list.ts';
import { newMmar } from '../../../main/mmar/new-mmar.ts';
import { makePhantoms } from '../../make-phantoms.ts';
import { scratchMmar } from '../mmar-files/scratch-mmar.ts';

const mmar = mmarId.parse('mmar0001');
const call = { signal: new AbortController().signal };

async function makeMmar() {
  const place = await scratchMmar();
  const data = join(place, 'data');
  const datalist = await makePhantoms(place, { baseSize: 48 });
  const folder = join(place, 'mmar');
  await newMmar({ template: 'segmentation-unet-3d', folder, datalist });
  return { data, folder };
}

describe('the data list of an MMAR', () => {
  it('is counted, and missing files are told', async () => {
    const { data, folder } = await makeMmar();
    const service = createDataListService(() => folder);
    const before = await service.survey({ mmar }, call);
    expect(before.faults).toEqual([]);
    expect(before.inMmar).toBeUndefined();
    expect(before.listPath).toBe('../data/dataset.json');
    const training = before.sections.find(({ use }) => use === 'train')!;
    expect(training.missingFiles).toBe(0);
    expect(training.labelled).toBe(training.cases);
    expect(training.sizeBytes).toBeGreaterThan(1000);

    const [first] = await service.cases({ mmar, key: training.key, from: 0, most: 1 }, call);
    const image = first!.files.find(({ key }) => key === 'image')!;
    expect(image.shape).toHaveLength(3);
    expect(image.spacingMm).toHaveLength(3);
    await rm(join(data, image.path));
    const after = await service.survey({ mmar }, call);
    expect(after.sections.find(({ use }) => use === 'train')!.missingFiles).toBe(1);
    const [gone] = await service.cases({ mmar, key: training.key, from: 0, most: 1 }, call);
    expect(gone!.files.find(({ key }) => key === 'image')).toEqual({
      key: 'image',
      path: image.path,
      sizeBytes: null,
    });
    expect(await service.cases({ mmar, key: 'none', from: 0, most: 1 }, call)).toEqual([]);
  });

  it('inside the MMAR is a file of it', async () => {
    const folder = await scratchMmar({
      'config/environment.json': '{"DATASET_JSON": "data/list.json", "TRAIN_DATALIST_KEY": "mine"}',
      'data/list.json':
        '{"mine": [{"image": "a.nii", "label": "b.nii"}, "c.nii"], "labels": {"0": "air", "1": [2]}}',
    });
    const found = await createDataListService(() => folder).survey({ mmar }, call);
    expect(found).toMatchObject({
      inMmar: 'data/list.json',
      labels: { 0: 'air', 1: '[2]' },
      sections: [{ key: 'mine', use: 'train', cases: 2, labelled: 1, missingFiles: 3, sizeBytes: 0 }],
    });
  });

  it.each([
    ['no environment', {}, 'file-missing'],
    ['a broken environment', { 'config/environment.json': '{' }, 'json-syntax'],
    ['no list named', { 'config/environment.json': '{}' }, 'data-list'],
    ['no list there', { 'config/environment.json': '{"DATASET_JSON": "x.json"}' }, 'file-missing'],
    [
      'a broken list',
      { 'config/environment.json': '{"DATASET_JSON": "x.json"}', 'x.json': '[' },
      'json-syntax',
    ],
    [
      'an item that is no case',
      {
        'config/environment.json': '{"DATASET_JSON": "x.json"}',
        'x.json': '{"training": [{"image": "a.nii"}, 7]}',
      },
      'data-list',
    ],
  ] as const)('may be wrong: %s', async (_, files, code) => {
    const folder = await scratchMmar(files);
    const found = await createDataListService(() => folder).survey({ mmar }, call);
    expect(found.sections).toEqual([]);
    expect(found.faults[0]!.code).toBe(code);
  });
});

describe('checking a whole MMAR', () => {
  it('finds nothing wrong with a new one, and names what is', async () => {
    const { data, folder } = await makeMmar();
    const service = createChecksService(() => folder);
    expect((await service.mmar({ mmar }, call)).faults).toEqual([]);
    await rm(data, { recursive: true });
    expect((await service.mmar({ mmar }, call)).faults.map(({ code }) => code)).toContain('file-missing');
  });

  it('names a folder outside of it that its search would write into, unless the user allows that', async () => {
    const { data, folder } = await makeMmar();
    const file = join(folder, 'config/config_automl.json');
    const config = JSON.parse(await readFile(file, 'utf8')) as {
      handlers: { name: string; args: Record<string, string> }[];
    };
    config.handlers.find(({ name }) => name === 'MMARHandler')!.args.work_dir = join(data, 'runs');
    await writeFile(file, JSON.stringify(config));
    const faultsWith = async (...allowed: string[]) =>
      (
        await createChecksService(
          () => folder,
          async () => allowed,
        ).mmar({ mmar }, call)
      ).faults;
    expect(await faultsWith()).toMatchObject([{ code: 'path-not-allowed', argument: 'work_dir' }]);
    expect(await faultsWith(data)).toEqual([]);
  });
});

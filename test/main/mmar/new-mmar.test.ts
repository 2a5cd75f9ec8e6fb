import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import { newMmar } from '../../../main/mmar/new-mmar.ts';
import { fitPatch, fitTemplate } from '../../../main/mmar/fit-template.ts';
import { listTemplates } from '../../../main/mmar/template.ts';
import { writePhantomDataSet } from '../../../main/phantoms/write-data-set.ts';

let folder: string;
const template = 'segmentation-unet-3d';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-new-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makeData(): Promise<string> {
  let state = 1;
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  return writePhantomDataSet({
    folder: join(folder, 'data'),
    training: 2,
    validation: 1,
    test: 1,
    baseSize: 16,
    random,
  });
}

async function faultsOf(work: Promise<unknown>): Promise<FaultError['faults']> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof FaultError)) throw new Error(`expected faults, got ${String(error)}`);
  return error.faults;
}

const readJson = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

describe('newMmar', () => {
  it('makes a whole MMAR that is fitted to the data, with relative paths', async () => {
    const datalist = await makeData();
    const mmar = join(folder, 'mmars/first');
    const made = await newMmar({ template, folder: mmar, datalist, settings: { epochs: 7 } });
    expect(readdirSync(mmar).sort()).toEqual(['commands', 'config', 'custom', 'docs', 'models', 'resources']);
    expect(readJson(join(mmar, 'config/environment.json'))).toMatchObject({
      DATA_ROOT: '../../data',
      DATASET_JSON: '../../data/dataset.json',
      INPUT_CHANNELS: 1,
      OUTPUT_CHANNELS: 3,
      PIXDIM: [1, 1, 1],
    });
    expect(made.survey?.counts).toEqual({ training: 2, validation: 1, test: 1 });
    expect(readJson(join(mmar, 'config/config_train.json'))).toMatchObject({
      epochs: 7,
      learning_rate: 0.001,
    });
    expect(readdirSync(join(folder, 'mmars'))).toEqual(['first']);
  });

  it('counts the classes in the labels when the data list does not name them', async () => {
    const datalist = await makeData();
    const { labels: _, ...list } = readJson(datalist);
    writeFileSync(datalist, JSON.stringify(list));
    const made = await newMmar({ template, folder: join(folder, 'm'), datalist });
    expect(made.environment.OUTPUT_CHANNELS).toBe(3);
  });

  it('refuses a folder that holds something, and leaves it as it was', async () => {
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'taken/mine.txt'), 'mine');
    const faults = await faultsOf(newMmar({ template, folder: join(folder, 'taken') }));
    expect(faults).toMatchObject([{ code: 'already-exists', file: 'taken' }]);
    expect(readFileSync(join(folder, 'taken/mine.txt'), 'utf8')).toBe('mine');
  });

  it('names the templates there are when one is unknown', async () => {
    const [fault] = await faultsOf(newMmar({ template: 'unet', folder: join(folder, 'm') }));
    expect(fault).toMatchObject({ code: 'usage', allowed: expect.stringContaining(template) as string });
  });

  it('names first-level values when a setting is unknown, and makes nothing', async () => {
    const faults = await faultsOf(newMmar({ template, folder: join(folder, 'm'), settings: { epoch: 3 } }));
    expect(faults).toMatchObject([{ code: 'unknown-variable', file: 'config/config_train.json' }]);
    expect(faults[0]!.allowed).toContain('epochs');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lists every image that is missing, by its path in the data list', async () => {
    const datalist = await makeData();
    rmSync(join(folder, 'data/images/phantom_001.nii.gz'));
    writeFileSync(join(folder, 'data/images/phantom_002.nii.gz'), 'no image');
    const faults = await faultsOf(newMmar({ template, folder: join(folder, 'm'), datalist }));
    expect(faults).toMatchObject([
      { code: 'image-missing', file: 'images/phantom_001.nii.gz' },
      { code: 'image-unreadable', file: 'images/phantom_002.nii.gz' },
    ]);
  });

  it.each([
    ['{"training": [', 'json-syntax'],
    ['[1, 2]', 'schema'],
    ['{"training": []}', 'data-list-empty'],
  ])('refuses the data list %s', async (text, code) => {
    writeFileSync(join(folder, 'list.json'), text);
    const faults = await faultsOf(
      newMmar({ template, folder: join(folder, 'm'), datalist: join(folder, 'list.json') }),
    );
    expect(faults[0]).toMatchObject({ code, file: 'list.json' });
  });

  it('says when the data list is missing', async () => {
    const faults = await faultsOf(
      newMmar({ template, folder: join(folder, 'm'), datalist: join(folder, 'no.json') }),
    );
    expect(faults).toMatchObject([{ code: 'file-missing', file: 'no.json' }]);
  });
});

describe('fitTemplate', () => {
  const limits = { sizeDivisor: 8, maxPatchVoxels: 64 ** 3 };

  it('takes the median spacing and the largest case at that spacing', () => {
    const survey = {
      counts: { training: 3 },
      channels: 1,
      shapes: [
        [40, 50, 36],
        [20, 50, 36],
        [43, 59, 47],
      ],
      spacingsMm: [
        [1, 1, 1],
        [2, 1, 1],
        [1, 1, 1],
      ],
    };
    expect(fitTemplate(limits, survey, 3)).toEqual({
      INPUT_CHANNELS: 1,
      OUTPUT_CHANNELS: 3,
      PIXDIM: [1, 1, 1],
      ROI_SIZE: [48, 64, 48],
    });
  });

  it('cuts the longest axes of large images until the patch fits', () => {
    expect(fitPatch([512, 512, 90], 8, 64 ** 3)).toEqual([64, 64, 64]);
    expect(fitPatch([3, 9, 1], 8, 64 ** 3)).toEqual([8, 16, 8]);
  });
});

describe('templates', () => {
  it('each describe themselves', async () => {
    const templates = await listTemplates();
    expect(templates.map(({ name }) => name)).toContain(template);
    for (const { summary, title } of templates) expect(`${title} ${summary}`.length).toBeGreaterThan(40);
  });
});

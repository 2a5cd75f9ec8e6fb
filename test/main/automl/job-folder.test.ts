import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeCodeSnapshot } from '../../../main/automl/code-snapshot.ts';
import { makeJobFolder, type JobFolderRequest } from '../../../main/automl/job-folder.ts';
import type { SearchedMmar } from '../../../main/automl/searched-mmar.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-mmar-'));
  for (const file of [
    'config/config_train.json',
    'config/dataset_0.json',
    'commands/automl_train_round.sh',
    'resources/log.config',
    'custom/my-net.ts',
    'docs/Readme.md',
    'models/model.pt',
    'models/train_stats.json',
    'models/resume.pt',
    'models/events.out.tfevents.1',
    'models/samples/validation_1.png',
    'eval/metrics.csv',
    'data/image.nii',
    'automl/old/journal.jsonl',
    'screenshot.png',
  ])
    write(file, file);
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, content: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), content);
}

const mmar = (): SearchedMmar => ({
  root,
  trainConfigFile: 'config/config_train.json',
  trainConfig: {},
  trainConfigDigest: '',
  environment: { DATA_ROOT: 'data', DATASET_JSON: 'data/dataset.json' },
});
const request = async (keyContentOnly: boolean): Promise<JobFolderRequest> => ({
  mmar: mmar(),
  code: await takeCodeSnapshot(root, join(root, 'automl/new')),
  jobRoot: join(root, 'automl/new/W1_1_J1'),
  trainConfig: { epochs: 3 },
  keyContentOnly,
});

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .toSorted();
}

describe("a job's MMAR", () => {
  it('has code behind links as files of its own, and writes through no link', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outerloop-outside-'));
    try {
      writeFileSync(join(outside, 'tool.sh'), 'as it was');
      symlinkSync(join(outside, 'tool.sh'), join(root, 'resources/tool.sh'));
      const job = await request(true);
      writeFileSync(join(outside, 'tool.sh'), 'edited meanwhile');
      await makeJobFolder(job);
      expect(readFileSync(join(job.jobRoot, 'resources/tool.sh'), 'utf8')).toBe('as it was');
      expect(readFileSync(join(outside, 'tool.sh'), 'utf8')).toBe('edited meanwhile');
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('holds the key content, with its own config and environment', async () => {
    const job = await request(true);
    await makeJobFolder(job);
    expect(listFiles(job.jobRoot)).toEqual([
      'commands/automl_train_round.sh',
      'config/config_train.json',
      'config/dataset_0.json',
      'config/environment.json',
      'custom/my-net.ts',
      'resources/log.config',
    ]);
    const read = (file: string): unknown => JSON.parse(readFileSync(join(job.jobRoot, file), 'utf8'));
    expect(read('config/config_train.json')).toEqual({ epochs: 3 });
    expect(read('config/environment.json')).toEqual({
      DATA_ROOT: '../../../data',
      DATASET_JSON: '../../../data/dataset.json',
    });
  });

  it('holds everything when asked to, but for data, runs and results of other trainings', async () => {
    const job = await request(false);
    await makeJobFolder(job);
    expect(
      listFiles(job.jobRoot).filter((file) => !/^(commands|config|custom|resources)/.test(file)),
    ).toEqual(['docs/Readme.md', 'models/model.pt', 'screenshot.png']);
  });

  it('holds no images of cases when the data stands among its own files', async () => {
    const cases = { training: [{ image: 'case_1.png', label: 'masks/1.nii.gz' }] };
    write('dataset.json', JSON.stringify(cases));
    for (const file of ['case_1.png', 'masks/1.nii.gz', 'more/2.mha', 'resources/atlas.nii']) write(file, '');
    write('more/IM0001', `${'\0'.repeat(128)}DICM`);
    const environment = { DATA_ROOT: '.', DATASET_JSON: 'dataset.json' };
    const job = { ...(await request(false)), mmar: { ...mmar(), environment } };
    await makeJobFolder(job);
    const files = listFiles(job.jobRoot);
    expect(files).toContain('resources/atlas.nii');
    expect(files).toContain('screenshot.png');
    expect(files.filter((file) => /case_1|masks|more|data/.test(file))).toEqual([
      'config/dataset_0.json',
      'dataset.json',
    ]);
  });

  it('has the code that was there when the run started, whatever became of it', async () => {
    const job = await request(false);
    write('custom/my-net.ts', 'changed');
    write('custom/new.ts', 'new');
    await makeJobFolder(job);
    expect(readFileSync(join(job.jobRoot, 'custom/my-net.ts'), 'utf8')).toBe('custom/my-net.ts');
    expect(existsSync(join(job.jobRoot, 'custom/new.ts'))).toBe(false);
  });

  it('is not made of a copy of the code that somebody changed', async () => {
    const job = await request(true);
    write('automl/new/code/custom/my-net.ts', 'changed');
    await expect(makeJobFolder(job)).rejects.toMatchObject({
      faults: [{ code: 'run-changed', file: 'custom/my-net.ts' }],
    });
    expect(existsSync(job.jobRoot)).toBe(false);
  });

  it('is never made over a folder that exists', async () => {
    const job = await request(true);
    mkdirSync(job.jobRoot, { recursive: true });
    await expect(makeJobFolder(job)).rejects.toMatchObject({
      faults: [{ code: 'already-exists', file: 'W1_1_J1' }],
    });
    expect(readdirSync(job.jobRoot)).toEqual([]);
  });

  it('replaces what a killed run had left half-made', async () => {
    write('automl/new/.W1_1_J1.new/config/left-over.json', '');
    const job = await request(true);
    await makeJobFolder(job);
    expect(existsSync(join(job.jobRoot, 'config/left-over.json'))).toBe(false);
    expect(readdirSync(dirname(job.jobRoot))).toEqual(['W1_1_J1', 'code']);
  });

  it('that cannot be written is a fault that names the job and no folder of the machine', async () => {
    const job = await request(true);
    rmSync(join(root, 'automl/new'), { recursive: true });
    writeFileSync(join(root, 'automl/new'), 'a file');
    const error = await makeJobFolder(job).catch((caught: Error) => caught);
    expect(error).toMatchObject({ faults: [{ code: 'file-unwritable', file: 'W1_1_J1' }] });
    expect((error as Error).message).not.toContain(root);
  });
});

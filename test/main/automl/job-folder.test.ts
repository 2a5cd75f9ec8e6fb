import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
const request = (keyContentOnly: boolean): JobFolderRequest => ({
  mmar: mmar(),
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
  it('holds the key content, with its own config and environment', async () => {
    const job = request(true);
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
    const job = request(false);
    await makeJobFolder(job);
    expect(
      listFiles(job.jobRoot).filter((file) => !/^(commands|config|custom|resources)/.test(file)),
    ).toEqual(['docs/Readme.md', 'models/model.pt', 'screenshot.png']);
  });

  it('is never made over a folder that exists', async () => {
    const job = request(true);
    mkdirSync(job.jobRoot, { recursive: true });
    await expect(makeJobFolder(job)).rejects.toMatchObject({
      faults: [{ code: 'already-exists', file: 'W1_1_J1' }],
    });
    expect(readdirSync(job.jobRoot)).toEqual([]);
  });

  it('replaces what a killed run had left half-made', async () => {
    write('automl/new/.W1_1_J1.new/config/left-over.json', '');
    const job = request(true);
    await makeJobFolder(job);
    expect(existsSync(join(job.jobRoot, 'config/left-over.json'))).toBe(false);
    expect(readdirSync(dirname(job.jobRoot))).toEqual(['W1_1_J1']);
  });

  it('that cannot be written is a fault that names the job and no folder of the machine', async () => {
    const job = request(true);
    mkdirSync(join(root, 'automl'), { recursive: true });
    writeFileSync(join(root, 'automl/new'), 'a file');
    const error = await makeJobFolder(job).catch((caught: Error) => caught);
    expect(error).toMatchObject({ faults: [{ code: 'file-unwritable', file: 'W1_1_J1' }] });
    expect((error as Error).message).not.toContain(root);
  });
});

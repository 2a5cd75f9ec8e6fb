import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFlatYaml } from '../../../../main/mlflow/import/flat-yaml.ts';
import { importPath } from '../../../../main/mlflow/import/import-path.ts';
import { openTrackingStore, type TrackingStore } from '../../../../main/mlflow/store/tracking-store.ts';
import { readLocal } from '../outbox/compare-with-remote.ts';
import { fillRun } from '../outbox/fill-store.ts';

let root: string;
let store: TrackingStore;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-import-'));
  store = openTrackingStore(join(root, 'own'));
});
afterEach(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const RUN = '0123456789abcdef0123456789abcdef';
const EXPERIMENT = 'mlruns/123456789012345678';

/** A folder as MLflow 2 writes it, with what makes reading it hard. */
function makeFileStore(): string {
  write(
    `${EXPERIMENT}/meta.yaml`,
    `artifact_location: file:///gone/mlruns/123456789012345678\ncreation_time: 1700000000000\nexperiment_id: '123456789012345678'\nlast_update_time: 1700000000000\nlifecycle_stage: active\nname: 'Lungs: it''s all'\n`,
  );
  write(`${EXPERIMENT}/tags/mlflow.note.content`, 'two\nlines');
  const run = `${EXPERIMENT}/${RUN}`;
  write(
    `${run}/meta.yaml`,
    `artifact_uri: file:///gone/artifacts\nend_time: 1700000060000\nentry_point_name: ''\nexperiment_id: '123456789012345678'\nlifecycle_stage: active\nrun_id: ${RUN}\nrun_name: wandering-fox-7\nrun_uuid: ${RUN}\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: 1700000000000\nstatus: 4\ntags: []\nuser_id: jo\n`,
  );
  write(`${run}/params/lr`, '0.001');
  write(`${run}/params/net/channels`, '[16, 32]\n');
  write(`${run}/params/bad;key`, '1');
  write(`${run}/tags/mlflow.runName`, 'wandering-fox-7');
  write(`${run}/tags/mlflow.user`, 'jo');
  write(
    `${run}/metrics/loss`,
    '1700000001000 0.5 1\n1700000002000 nan 2\n1700000003000 -inf 3\n1700000004000 0.25 4 set abc\n',
  );
  write(`${run}/metrics/val/dice`, '1700000001000 0.75\n');
  write(`${run}/artifacts/model/MLmodel`, 'flavors: {}\n');
  write(
    `${run}/inputs/1/meta.yaml`,
    `destination_id: x\ndestination_type: RUN\nsource_id: d1\nsource_type: DATASET\ntags:\n  mlflow.data.context: train\n`,
  );
  write(
    `${EXPERIMENT}/datasets/d1/meta.yaml`,
    `digest: abc123\nname: set\nprofile: '{"n": 3}'\nschema: null\nsource: '{}'\nsource_type: local\n`,
  );
  write(`${EXPERIMENT}/fedcba9876543210fedcba9876543210/meta.yaml`, 'lifecycle_stage: deleted\nrun_id: x\n');
  write('mlruns/models/best/meta.yaml', 'name: best\n');
  write('mlruns/.trash/9/meta.yaml', 'name: gone\n');
  return join(root, 'mlruns');
}

describe('a folder of the file store', () => {
  it('is imported with everything of its runs, twice as once', async () => {
    const path = makeFileStore();
    const problems = [
      expect.stringContaining('param bad;key'),
      'left out: deleted experiments',
      'left out: registered models',
      'left out: deleted runs',
    ];
    await expect(importPath(store, { path })).resolves.toEqual({
      newRuns: 1,
      knownRuns: 0,
      files: 1,
      problems,
    });
    const read = async () => Object.fromEntries(await readLocal(join(root, 'own')));
    const first = await read();
    expect(first).toEqual({
      [RUN]: {
        experiment: "Lungs: it's all",
        name: 'wandering-fox-7',
        parent: undefined,
        status: 'FAILED',
        startTime: 1_700_000_000_000,
        endTime: 1_700_000_060_000,
        params: { lr: '0.001', 'net/channels': '[16, 32]\n' },
        tags: { 'mlflow.runName': 'wandering-fox-7' },
        histories: {
          loss: [
            [1_700_000_001_000, 1, '0.5'],
            [1_700_000_002_000, 2, 'NaN'],
            [1_700_000_003_000, 3, '-1.7976931348623157e+308'],
            [1_700_000_004_000, 4, '0.25'],
          ],
          'val/dice': [[1_700_000_001_000, 0, '0.75']],
        },
        datasets: ['set abc123'],
        artifacts: { 'model/MLmodel': expect.any(String) },
      },
    });
    const [input] = store.runs.get(RUN).inputs.dataset_inputs;
    expect(input).toMatchObject({
      dataset: { profile: '{"n": 3}' },
      tags: [{ key: 'mlflow.data.context', value: 'train' }],
    });
    expect(store.experiments.findByName("Lungs: it's all")?.tags).toEqual([
      { key: 'mlflow.note.content', value: 'two\nlines' },
    ]);
    await expect(importPath(store, { path })).resolves.toMatchObject({ newRuns: 0, knownRuns: 1 });
    await expect(read()).resolves.toEqual(first);
  });

  it('is found in the folder that holds it, and what it has more is added', async () => {
    makeFileStore();
    await importPath(store, { path: root });
    writeFileSync(join(root, EXPERIMENT, RUN, 'metrics/loss'), '1700000001000 0.5 1\n1700000009000 0.1 9\n');
    await importPath(store, { path: root });
    expect(
      store.metrics.getHistory({ run_id: RUN, metric_key: 'loss' }).items.map(({ step }) => step),
    ).toEqual([1, 2, 3, 4, 9]);
  });

  it('leaves a run alone that was deleted here', async () => {
    const path = makeFileStore();
    await importPath(store, { path });
    store.runs.delete(RUN);
    const { problems } = await importPath(store, { path });
    expect(problems[0]).toBe('run wandering-fox-7: it was deleted here');
    expect(store.runs.get(RUN).info.lifecycle_stage).toBe('deleted');
  });
});

describe('a database of MLflow', () => {
  it('is imported with its files, twice as once', async () => {
    const other = openTrackingStore(join(root, 'other'));
    const experiment = other.experiments.create({ name: 'lungs', tags: [] });
    const parent = fillRun(other, experiment, { name: 'first', status: 'FINISHED' });
    fillRun(other, experiment, { name: 'job', status: 'KILLED', parent, points: 1200 });
    other.close();
    const all = async (folder: string) => Object.fromEntries(await readLocal(join(root, folder)));
    for (const count of [2, 0])
      await expect(importPath(store, { path: join(root, 'other') })).resolves.toMatchObject({
        newRuns: count,
        files: 12,
      });
    expect(await all('own')).toEqual(await all('other'));
  });

  it('is imported by its file, wherever its artifacts are', async () => {
    const other = openTrackingStore(join(root, 'other'));
    const runId = fillRun(other, '0', { name: 'first', status: 'FINISHED' });
    other.close();
    copyFileSync(join(root, 'other/mlflow.db'), join(root, 'copy.db'));
    cpSync(join(root, 'other/artifacts'), join(root, 'elsewhere'), { recursive: true });
    const without = await importPath(store, { path: join(root, 'copy.db') });
    expect(without).toMatchObject({ newRuns: 1, files: 0 });
    expect(without.problems).toContain('run first: its artifacts are kept elsewhere and were not copied');
    await importPath(store, { path: join(root, 'copy.db'), artifacts: join(root, 'elsewhere') });
    const { artifact_uri: uri } = store.runs.get(runId).info;
    const file = store.artifacts.resolve(`${uri.replace('mlflow-artifacts:/', '')}/config_train.json`);
    expect(readFileSync(file, 'utf8')).toBe('{"epochs": 3}');
  });

  it('that is none is refused by its name', async () => {
    write(
      'notes.db',
      'no database, but long enough to have a header of a hundred bytes, which is what SQLite looks at first of all',
    );
    await expect(importPath(store, { path: join(root, 'notes.db') })).rejects.toThrow(
      'notes.db: The file is no SQLite database.',
    );
    await expect(importPath(store, { path: join(root, 'own') + '-not' })).rejects.toThrow(
      'There is nothing at this path.',
    );
    mkdirSync(join(root, 'empty'));
    await expect(importPath(store, { path: join(root, 'empty') })).rejects.toThrow(
      'empty: There are no runs here that can be imported.',
    );
  });
});

describe('flat YAML', () => {
  it.each<[string, unknown]>([
    ['a: 1\n', '1'],
    ["a: 'it''s'\n", "it's"],
    ['a: "x\\ty\\u00e4\\"\\x41"\n', 'x\tyä"A'],
    ['a: null\n', null],
    ["a: ''\n", ''],
    ['a: []\n', null],
    ['a: a: b # c\n', 'a: b # c'],
    ['a: long text\n  that was folded\n', 'long text that was folded'],
    ["a: 'two\n\n  lines'\n", 'two\nlines'],
    ['a: "folded \\\n  \\ here"\n', 'folded  here'],
    ["a:\n  b: 1\n  c: 'x'\n", { b: '1', c: 'x' }],
  ])('%j', (text, value) => expect(parseFlatYaml(text).a).toEqual(value));
});

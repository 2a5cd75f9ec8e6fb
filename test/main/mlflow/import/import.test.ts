import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFlatYaml } from '../../../../main/mlflow/import/flat-yaml.ts';
import { copyFiles } from '../../../../main/mlflow/import/copy-files.ts';
import { importPath } from '../../../../main/mlflow/import/import-path.ts';
import { listLocalModels } from '../../../../main/mlflow/outbox/local-models.ts';
import { openTrackingStore, type TrackingStore } from '../../../../main/mlflow/store/tracking-store.ts';
import { readLocal } from '../outbox/compare-with-remote.ts';
import { fillModel, fillRun } from '../outbox/fill-store.ts';

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
const MODEL = `m-${'a1'.repeat(16)}`;
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
  write(
    `${run}/outputs/${MODEL}/meta.yaml`,
    `destination_type: MODEL_OUTPUT\nsource_id: ${MODEL}\nstep: 7\n`,
  );
  writeModels();
  write('mlruns/.trash/9/meta.yaml', 'name: gone\n');
  return join(root, 'mlruns');
}

/** Logged and registered models, and what is left out. */
function writeModels(): void {
  const model = `${EXPERIMENT}/models/${MODEL}`;
  write(
    `${model}/meta.yaml`,
    `artifact_location: file:///gone/models/${MODEL}/artifacts\ncreation_timestamp: 1700000050000\nmodel_id: ${MODEL}\nmodel_type: null\nname: net\nsource_run_id: ${RUN}\nstatus: 2\n`,
  );
  write(`${model}/params/depth`, '3');
  write(`${model}/tags/team`, 'a');
  write(
    `${model}/metrics/val/dice`,
    `1700000001000 0.75 7 ${RUN} set abc123\n1700000001000 0.5 7 ${'f'.repeat(32)}\n`,
  );
  write(`${model}/artifacts/MLmodel`, 'flavors: {}\n');
  write(`${EXPERIMENT}/models/m-gone/meta.yaml`, 'lifecycle_stage: deleted\nmodel_id: m-gone\n');
  for (const trace of ['a', 'b']) write(`${EXPERIMENT}/traces/tr-${trace}/trace_info.yaml`, 'x: 1\n');
  write(
    'mlruns/models/best/meta.yaml',
    'creation_timestamp: 1700000070000\ndescription: the best\nlast_updated_timestamp: 1700000090000\nname: best\n',
  );
  write('mlruns/models/best/tags/team', 'lungs');
  write('mlruns/models/best/aliases/champion', '3');
  const sources = { 1: `models:/${MODEL}`, 2: 'REDACTED-SOURCE-PATH', 3: 'file:///gone/artifacts/model' };
  for (const [version, source] of Object.entries(sources))
    write(
      `mlruns/models/best/version-${version}/meta.yaml`,
      `creation_timestamp: 170000008000${version}\ncurrent_stage: ${version === '2' ? 'Deleted_Internal' : 'None'}\ndescription: v${version}\nlast_updated_timestamp: 170000008000${version}\n${version === '1' ? `model_id: ${MODEL}\n` : ''}name: best\nrun_id: ${RUN}\nsource: ${source}\nstatus: READY\nuser_id: jo\nversion: ${version}\n`,
    );
  write('mlruns/models/best/version-3/tags/checked', 'yes');
  write('mlruns/models/ask/meta.yaml', 'name: ask\n');
  write('mlruns/models/ask/tags/mlflow.prompt.is_prompt', 'true');
}

describe('a folder of the file store', () => {
  it('is imported with everything of its runs, twice as once', async () => {
    const path = makeFileStore();
    const problems = [
      expect.stringContaining('param bad;key'),
      'model net: what a run measured of it that is not here: 1 points',
      'left out: 1 deleted experiment',
      'left out: 1 deleted run',
      'left out: 1 deleted logged model',
      'left out: 2 traces',
      'left out: 1 prompt',
    ];
    await expect(importPath(store, { path })).resolves.toEqual({
      newRuns: 1,
      knownRuns: 0,
      newModels: 1,
      newVersions: 2,
      files: 2,
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
          'val/dice': [
            [1_700_000_001_000, 0, '0.75'],
            [1_700_000_001_000, 7, '0.75'],
          ],
        },
        datasets: ['set abc123'],
        artifacts: { 'model/MLmodel': expect.any(String), 'net/MLmodel': expect.any(String) },
        models: [expect.objectContaining({ name: 'net', step: 7, params: { depth: '3' } })],
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
    const models = describeModels(store);
    for (let again = 0; again < 2; again++)
      await expect(importPath(store, { path })).resolves.toMatchObject({
        newRuns: 0,
        knownRuns: 1,
        newModels: 0,
        newVersions: 0,
      });
    await expect(read()).resolves.toEqual(first);
    expect(describeModels(store)).toEqual(models);
  });

  it('is imported with its logged models and its registered ones, which find their files here', async () => {
    await importPath(store, { path: makeFileStore() });
    const { info, data } = store.loggedModels.get(MODEL);
    expect(info).toMatchObject({
      name: 'net',
      status: 'LOGGED_MODEL_READY',
      source_run_id: RUN,
      creation_timestamp_ms: 1_700_000_050_000,
      artifact_uri: `mlflow-artifacts:/1/models/${MODEL}/artifacts`,
    });
    expect(info.tags.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
      { key: 'mlflow.modelVersions', value: '[{"name": "best", "version": 1}]' },
      { key: 'team', value: 'a' },
    ]);
    expect(data.params).toEqual([{ key: 'depth', value: '3' }]);
    expect(data.metrics).toMatchObject([
      { key: 'val/dice', value: 0.75, step: 7, run_id: RUN, dataset_name: 'set', dataset_digest: 'abc123' },
    ]);
    expect(store.runs.get(RUN).outputs.model_outputs).toEqual([{ model_id: MODEL, step: 7 }]);
    const file = store.artifacts.resolve(`1/models/${MODEL}/artifacts/MLmodel`);
    expect(readFileSync(file, 'utf8')).toBe('flavors: {}\n');

    expect(store.registeredModels.get('best')).toMatchObject({
      description: 'the best',
      creation_timestamp: 1_700_000_070_000,
      last_updated_timestamp: 1_700_000_090_000,
      tags: [{ key: 'team', value: 'lungs' }],
      aliases: [{ alias: 'champion', version: '3' }],
    });
    expect(store.modelVersions.list('best')).toMatchObject([
      { version: '1', description: 'v1', run_id: RUN, user_id: 'jo', creation_timestamp: 1_700_000_080_001 },
      { version: '3', tags: [{ key: 'checked', value: 'yes' }], aliases: ['champion'] },
    ]);
    expect(store.modelVersions.getDownloadUri('best', '1')).toBe(info.artifact_uri);
    const { artifact_uri: ofRun } = store.runs.get(RUN).info;
    expect(store.modelVersions.getDownloadUri('best', '3')).toBe(`${ofRun}/model`);
    // a number that was given once is not given again
    expect(store.modelVersions.create({ name: 'best', source: 'x', run_id: RUN }).version).toBe('4');
  });

  it('adds its versions behind those of a model of the same name, and leaves what is here alone', async () => {
    store.registeredModels.create({
      name: 'best',
      description: 'mine',
      tags: [{ key: 'team', value: 'me' }],
    });
    store.modelVersions.create({ name: 'best', source: 'x' });
    store.modelVersions.setAlias('best', 'champion', '1');
    const path = makeFileStore();
    for (const newVersions of [2, 0]) {
      const report = await importPath(store, { path });
      expect(report.newVersions).toBe(newVersions);
      expect(report.problems.filter((problem) => problem.startsWith('registered'))).toEqual([
        ...(newVersions === 0
          ? []
          : ['registered model best: version 1 is version 2 here, as there was another one']),
        'registered model best: alias champion: it names version 1 here, and stays so',
      ]);
    }
    expect(store.registeredModels.get('best')).toMatchObject({
      description: 'mine',
      tags: [{ key: 'team', value: 'me' }],
      aliases: [{ alias: 'champion', version: '1' }],
    });
    expect(
      store.modelVersions.list('best').map(({ version, description }) => [version, description]),
    ).toEqual([
      ['1', ''],
      ['2', 'v1'],
      ['3', 'v3'],
    ]);
  });

  it('leaves models and versions alone that were deleted here', async () => {
    const path = makeFileStore();
    await importPath(store, { path });
    store.modelVersions.delete('best', '1');
    store.loggedModels.delete(MODEL);
    const report = await importPath(store, { path });
    expect(report).toMatchObject({ newModels: 0, newVersions: 0 });
    expect(report.problems).toContain('model net: it was deleted here');
    expect(store.modelVersions.list('best').map(({ version }) => version)).toEqual(['3']);
    expect(store.loggedModels.isDeleted(MODEL)).toBe(true);
  });

  it('adds what is new beside a version with an alias that was deleted here', async () => {
    const path = makeFileStore();
    await importPath(store, { path });
    store.modelVersions.delete('best', '3');
    const version = 'mlruns/models/best/version-4/meta.yaml';
    write(version, `creation_timestamp: 1700000080004\nname: best\nrun_id: ${RUN}\nsource: x\nversion: 4\n`);
    const report = await importPath(store, { path });
    expect(report).toMatchObject({ newVersions: 1 });
    expect(report.problems).toContain('registered model best: alias champion: its version was deleted here');
    expect(store.modelVersions.list('best').map((item) => item.version)).toEqual(['1', '4']);
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
    const run = fillRun(other, experiment, { name: 'job', status: 'KILLED', parent, points: 1200 });
    fillModel(other, run);
    other.close();
    const all = async (folder: string) => Object.fromEntries(await readLocal(join(root, folder)));
    for (const count of [2, 0])
      await expect(importPath(store, { path: join(root, 'other') })).resolves.toMatchObject({
        newRuns: count,
        files: 14,
      });
    expect(await all('own')).toEqual(await all('other'));
    const others = openTrackingStore(join(root, 'other'), { readOnly: true });
    expect(describeModels(store)).toEqual(describeModels(others));
    expect(JSON.stringify(describeModels(store))).toContain('champion');
    others.close();
  });

  it('is imported by its file, wherever its artifacts are', async () => {
    const other = openTrackingStore(join(root, 'other'));
    const runId = fillRun(other, '0', { name: 'first', status: 'FINISHED' });
    other.close();
    copyFileSync(join(root, 'other/mlflow.db'), join(root, 'copy.db'));
    cpSync(join(root, 'other/artifacts'), join(root, 'elsewhere'), { recursive: true });
    const without = await importPath(store, { path: join(root, 'copy.db') });
    expect(without).toMatchObject({ newRuns: 1, files: 0 });
    expect(without.problems).toEqual([
      'run first: its files were taken by its server and are not beside the database: --artifacts names their folder; they were not copied',
    ]);
    await importPath(store, { path: join(root, 'copy.db'), artifacts: join(root, 'elsewhere') });
    const { artifact_uri: uri } = store.runs.get(runId).info;
    const file = store.artifacts.resolve(`${uri.replace('mlflow-artifacts:/', '')}/config_train.json`);
    expect(readFileSync(file, 'utf8')).toBe('{"epochs": 3}');
  });

  it('copies files under their whole names from a folder that is named with a slash behind it', async () => {
    write('kept/artifacts/notes/a.txt', 'hello');
    const folder = `${join(root, 'kept/artifacts')}/`;
    const report = (problem: string): void => expect.unreachable(problem);
    await expect(copyFiles(store, { folder }, 'mlflow-artifacts:/7/run/artifacts', report)).resolves.toBe(1);
    const file = store.artifacts.resolve('7/run/artifacts/notes/a.txt');
    expect(readFileSync(file, 'utf8')).toBe('hello');
  });

  it('says where files are that cannot be fetched from here, and copies those of a folder', async () => {
    const other = openTrackingStore(join(root, 'other'));
    const places = {
      cloud: 's3://bucket/lungs',
      site: 'https://jo:secret@mlflow.site/api/2.0/mlflow-artifacts/artifacts/7',
      gone: 'file:///there/was/such/a/folder',
      local: `file://${join(root, 'files')}`,
    };
    for (const [name, artifact_location] of Object.entries(places)) {
      const experiment = other.experiments.create({ name, artifact_location });
      const { info } = other.runs.create({ experiment_id: experiment, run_name: name });
      if (name === 'local') write(`files/${info.run_id}/artifacts/notes/a.txt`, 'hello');
    }
    other.close();
    const { problems, files } = await importPath(store, { path: join(root, 'other') });
    expect(files).toBe(1);
    expect(problems.map((problem) => problem.replace(/[0-9a-f]{32}/, '<id>')).toSorted()).toEqual([
      'run cloud: its files are at s3://bucket/lungs/<id>/artifacts, which is not read from here: they were not copied',
      'run gone: its files are in a folder that is not on this machine: they were not copied',
      'run site: its files are at https://mlflow.site/api/2.0/mlflow-artifacts/artifacts/7/<id>/artifacts, which is not read from here: they were not copied',
    ]);
    const [run] = store.runs.search({
      experiment_ids: ['1', '2', '3', '4'],
      filter: "attributes.run_name = 'local'",
    }).items;
    expect(run!.info.artifact_uri).toMatch(/^mlflow-artifacts:\//);
    const [file] = await store.artifacts.listFiles(run!.info.artifact_uri.replace('mlflow-artifacts:/', ''));
    expect(file!.path).toMatch(/notes\/a\.txt$/);
  });

  it('says how much of it is left out', async () => {
    const other = openTrackingStore(join(root, 'other'));
    const run = fillRun(other, '0', { name: 'first', status: 'FINISHED' });
    fillModel(other, run);
    other.modelVersions.create({ name: 'best net', source: 'x' });
    other.modelVersions.delete('best net', '2');
    const gone = other.runs.create({ experiment_id: '0' }).info.run_id;
    other.runs.delete(gone);
    other.experiments.delete(other.experiments.create({ name: 'gone' }));
    other.registeredModels.create({ name: 'ask', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] });
    other.close();
    const db = new DatabaseSync(join(root, 'other/mlflow.db'));
    for (const id of ['a', 'b', 'c'])
      db.prepare(
        `INSERT INTO trace_info (request_id, experiment_id, timestamp_ms, status) VALUES (?, 0, 1, 'OK')`,
      ).run(id);
    db.close();
    const { problems } = await importPath(store, { path: join(root, 'other') });
    expect(problems.filter((problem) => problem.startsWith('left out'))).toEqual([
      'left out: 1 deleted experiment',
      'left out: 1 deleted run',
      'left out: 1 deleted model version',
      'left out: 3 traces',
      'left out: 1 prompt',
    ]);
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

/** All logged and registered models of a store, the times of changes and the numbers of experiments apart. */
function describeModels(of: TrackingStore): unknown {
  const models = listLocalModels(of).map(({ model: { info, data }, experiment }) => ({
    ...info,
    experiment_id: undefined,
    artifact_uri: info.artifact_uri.replace(/^mlflow-artifacts:\/\d+/, ''),
    last_updated_timestamp_ms: undefined,
    data,
    experiment: experiment.name,
    outputs: of.runs.get(info.source_run_id!).outputs,
  }));
  const registered = of.registeredModels.search().items.map(({ name, tags, aliases, description }) => ({
    name,
    tags,
    aliases,
    description,
    versions: of.modelVersions.list(name),
  }));
  return { models, registered };
}

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

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import type { Metric, Run } from '../../../common/mlflow/entities.ts';
import { parseSetArguments } from '../../../common/mmar/set-arguments.ts';
import type { RunObservation, RunSummary } from '../../../common/run/run-observation.ts';
import { runAutoml } from '../../../main/automl/run-automl.ts';
import type { RunPorts } from '../../../main/automl/run-request.ts';
import { catchUp } from '../../../main/mlflow/project-run/open-projection.ts';
import { importPath } from '../../../main/mlflow/import/import-path.ts';
import { listPending, notePending } from '../../../main/mlflow/project-run/pending-runs.ts';
import { openTrackingStore } from '../../../main/mlflow/store/tracking-store.ts';
import { EVERY_STATUS, makeScriptedMmar } from './programs/make-scripted-mmar.ts';

const devices: RunPorts['devices'] = { listGpus: () => Promise.resolve([]), countCores: () => 4 };

let store: string;
const made: string[] = [];
beforeEach(() => {
  store = join(mkdtempSync(join(tmpdir(), 'outerloop-mlflow-')), 'mlflow');
  made.push(store);
});
afterEach(() => {
  for (const root of made.splice(0)) rmSync(dirname(root), { recursive: true, force: true });
});

/** An MMAR that is deleted at the end. */
function make(...how: Parameters<typeof makeScriptedMmar>): string {
  const root = makeScriptedMmar(...how);
  made.push(root);
  return root;
}

async function search(
  root: string,
  more: Partial<Parameters<typeof runAutoml>[0]> = {},
  words: readonly string[] = ['run_id=first'],
): Promise<RunSummary> {
  const overrides = unwrap(parseSetArguments(words));
  return runAutoml({
    mmarRoot: root,
    overrides,
    seed: 3,
    trust: true,
    tracking: { folder: store },
    ...more,
    ports: { devices, ...more.ports },
  });
}

interface Found {
  readonly experiments: readonly string[];
  readonly runs: readonly Run[];
  readonly history: (run: string, key: string) => readonly Metric[];
}

function readStore(): Found {
  const opened = openTrackingStore(store, { readOnly: true });
  const experiments = opened.experiments.search({ order_by: ['name'] }).items;
  const ids = experiments.map(({ experiment_id }) => experiment_id);
  const runs = opened.runs.search({ experiment_ids: ids, order_by: ['attributes.start_time ASC'] }).items;
  const points = new Map(
    runs.map(({ info, data }) => [
      info.run_name,
      new Map(
        data.metrics.map(({ key }) => [
          key,
          opened.metrics.getHistory({ run_id: info.run_id, metric_key: key }).items,
        ]),
      ),
    ]),
  );
  opened.close();
  return {
    experiments: experiments.map(({ name }) => name),
    runs,
    history: (run, key) => points.get(run)?.get(key) ?? [],
  };
}

const asRecord = (items: readonly { key: string; value: unknown }[]): Record<string, unknown> =>
  Object.fromEntries(items.map(({ key, value }) => [key, value]));
const filesOf = (run: Run): string[] =>
  (
    readdirSync(join(store, 'artifacts', run.info.experiment_id, run.info.run_id, 'artifacts'), {
      recursive: true,
    }) as string[]
  ).toSorted();

describe('MLflowHandler', { timeout: 120_000 }, () => {
  it('shows a search: a run for it, a nested one for each job, whatever that came to', async () => {
    const root = make(EVERY_STATUS, 5);
    const summary = await search(root);
    const { experiments, runs, history } = readStore();
    expect(experiments).toEqual(['Default', 'mmar/first']);
    expect(runs.map(({ info }) => [info.run_name, info.status])).toEqual([
      ['first', 'FINISHED'],
      ['W1_1_J1', 'FINISHED'],
      ['W1_2_J2', 'FAILED'],
      ['W1_3_J3', 'FAILED'],
      ['W1_4_J4', 'KILLED'],
      ['W1_5_J5', 'FINISHED'],
    ]);
    const [parent, first, second, , fourth] = runs;
    for (const job of runs.slice(1))
      expect(asRecord(job.data.tags)['mlflow.parentRunId']).toBe(parent!.info.run_id);
    expect(asRecord(second!.data.tags)).toMatchObject({
      'outerloop.status': 'failed',
      'outerloop.reason': 'the command ended with exit code 3',
      'outerloop.job': 'W1_2_J2',
      'outerloop.run_uid': second!.info.run_id,
    });
    expect(asRecord(fourth!.data.tags)['outerloop.status']).toBe('timeout');

    const params = asRecord(first!.data.params);
    const { concrete } = summary.jobs.find(({ job }) => job === 'W1_1_J1')!;
    expect(params['search/learning_rate']).toBe(String(concrete['lr.float.$0:learning_rate']));
    expect(params['config/learning_rate']).toBe(params['search/learning_rate']);
    expect(params['config/train/model/args/channels']).toBe('[16,32,64]');
    expect(params).not.toHaveProperty('config/search');
    expect(asRecord(parent!.data.params)).toMatchObject({
      seed: '3',
      controller: 'RandomController',
      'space/learning_rate': '0.0002 .. 0.01 log',
      'settings/run_id': 'first',
    });

    expect(history('W1_1_J1', 'train_loss').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(history('W1_1_J1', 'val_mean_dice')).toEqual([
      { key: 'val_mean_dice', value: 0.25, step: 2, timestamp: 1_700_000_014_000 },
      { key: 'val_mean_dice', value: NaN, step: 4, timestamp: 1_700_000_016_000 },
    ]);
    expect(history('W1_1_J1', 'score')).toMatchObject([{ value: 0.5, step: 2 }]);
    expect(history('first', 'best_score').map(({ value }) => value)).toEqual([0.5, 0.5, 0.5, 0.5, 0.7]);
    expect(history('first', 'system/cpu_utilization_percentage').length).toBeGreaterThan(0);
    if (process.platform === 'linux')
      for (const way of ['receive', 'transmit'])
        expect(history('first', `system/network_${way}_megabytes`)[0]).toMatchObject({ value: 0 });
    expect(
      first!.inputs.dataset_inputs.map(({ dataset, tags }) => [dataset.name, dataset.profile, tags]),
    ).toEqual([
      ['data-list/training', '{"num_cases":1}', [{ key: 'mlflow.data.context', value: 'training' }]],
      ['data-list/validation', '{"num_cases":1}', [{ key: 'mlflow.data.context', value: 'validation' }]],
    ]);
    await expect(listPending(store)).resolves.toEqual([]);
  });

  it('keeps the files of every job, also of those whose folders are deleted', async () => {
    const root = make(EVERY_STATUS, 2);
    await search(root);
    const [parent, first, second] = readStore().runs;
    expect(filesOf(parent!)).toEqual([
      'config_automl.json',
      'config_train.json',
      'leaderboard.csv',
      'leaderboard.json',
    ]);
    expect(existsSync(join(root, 'automl/first/W1_2_J2'))).toBe(false);
    expect(filesOf(second!)).toEqual(['config_train.json', 'log.txt']);
    expect(filesOf(first!)).toEqual([
      'config_train.json',
      'log.txt',
      'samples',
      join('samples', 'validation_1.png'),
      'train_stats.json',
    ]);
  });

  it('has each model as a logged model of its job, measured where its weights were kept', async () => {
    const root = make(EVERY_STATUS, 2);
    await search(root);
    const [, first, second] = readStore().runs;
    const opened = openTrackingStore(store);
    const models = opened.loggedModels.search({ experiment_ids: [first!.info.experiment_id] }).items;
    expect(models).toHaveLength(1);
    const { info, data } = models[0]!;
    expect(info).toMatchObject({
      name: 'model',
      status: 'LOGGED_MODEL_READY',
      source_run_id: first!.info.run_id,
      artifact_uri: `mlflow-artifacts:/${info.experiment_id}/models/${info.model_id}/artifacts`,
    });
    expect(asRecord(info.tags)).toMatchObject({ 'outerloop.job': 'W1_1_J1', 'outerloop.run': 'first' });
    expect(asRecord(data.params)).toEqual(
      asRecord(first!.data.params.filter(({ key }) => key.startsWith('search/'))),
    );
    expect(asRecord(data.params)).toHaveProperty('search/learning_rate');
    const [dataset] = first!.inputs.dataset_inputs.filter(({ dataset: { name } }) => name.includes('valid'));
    expect(data.metrics.map(({ key, value, step }) => [key, value, step]).toSorted()).toEqual([
      ['score', 0.5, 2],
      ['val_mean_dice', 0.25, 2],
      ['val_mean_dice/class_1', 0.5, 2],
    ]);
    for (const metric of data.metrics)
      expect(metric).toMatchObject({
        run_id: first!.info.run_id,
        dataset_name: 'data-list/validation',
        dataset_digest: dataset!.dataset.digest,
      });
    expect(first!.outputs.model_outputs).toEqual([{ model_id: info.model_id, step: 2 }]);
    expect(second!.outputs.model_outputs).toEqual([]);
    const folder = join(store, 'artifacts', info.experiment_id, 'models', info.model_id, 'artifacts');
    expect(readdirSync(folder).toSorted()).toEqual([
      'MLmodel',
      'conda.yaml',
      'model.onnx',
      'python_env.yaml',
      'requirements.txt',
    ]);
    expect(readFileSync(join(folder, 'MLmodel'), 'utf8')).toContain(`model_id: ${info.model_id}\n`);

    // a model that its user deleted stays so when the search is read again
    opened.loggedModels.delete(info.model_id);
    await importPath(opened, { path: root });
    expect(opened.loggedModels.search({ experiment_ids: [info.experiment_id] }).items).toEqual([]);
    opened.close();
  });

  it('is silent where the program or the config say so', async () => {
    const root = make(EVERY_STATUS, 1);
    await search(root, { tracking: 'none' });
    expect(existsSync(store)).toBe(false);
    const other = make(EVERY_STATUS, 1, [{ name: 'MLflowHandler', disabled: true }]);
    await search(other, { tracking: 'none' });
    expect(existsSync(store)).toBe(false);
  });

  it('does what its arguments say', async () => {
    const args = {
      experiment_name: 'lungs',
      note: 'All of them',
      tags: { site: 'north' },
      log_model: false,
      log_system_metrics: false,
    };
    const root = make(EVERY_STATUS, 1, [{ name: 'MLflowHandler', args }]);
    await search(root);
    await search(root, {}, ['run_id=second']);
    const { experiments, runs, history } = readStore();
    expect(experiments).toEqual(['Default', 'lungs']);
    expect(runs.map(({ info }) => info.run_name)).toEqual(['first', 'W1_1_J1', 'second', 'W1_1_J1']);
    expect(history('first', 'system/cpu_utilization_percentage')).toEqual([]);
    expect(runs[1]!.outputs.model_outputs).toEqual([]);
    expect(existsSync(join(store, 'artifacts', runs[1]!.info.experiment_id, 'models'))).toBe(false);
  });

  it('lets two MMARs of one name have an experiment each', async () => {
    for (let count = 0; count < 2; count++) await search(make(EVERY_STATUS, 1));
    const [, first, second] = readStore().experiments;
    expect(first).toBe('mmar/first');
    expect(second).toMatch(/^mmar\/first-[0-9a-f]{6}$/);
  });

  it('says what is wrong with the store, goes on, and is caught up with later', async () => {
    mkdirSync(store, { recursive: true });
    const database = join(store, 'mlflow.db');
    writeFileSync(database, 'this is no database, and longer than a page header has to be '.repeat(40));
    const traced: string[] = [];
    const failed: string[] = [];
    const observe = (observation: RunObservation): void => {
      if (observation.type === 'trace') traced.push(observation.text);
      if (observation.type === 'entry' && observation.entry.event.type === 'component_failed')
        failed.push(observation.entry.event.message);
    };
    const summary = await search(make(EVERY_STATUS, 2), { observe });
    expect(summary).toMatchObject({ status: 'completed', best: { score: 0.5 } });
    expect(failed).toEqual([expect.stringContaining('mlflow.db: The file is no SQLite database.')]);
    expect(traced.join('\n')).toContain('"outerloop mlflow sync" catches up');
    await expect(listPending(store)).resolves.toHaveLength(1);

    rmSync(database);
    await notePending(store, {
      ...(await listPending(store))[0]!,
      runRoot: join(store, 'a search that was deleted'),
    });
    const opened = openTrackingStore(store);
    await expect(catchUp(opened)).resolves.toMatchObject([{ run: { mmar: 'mmar' } }]);
    opened.close();
    const { runs, history } = readStore();
    expect(runs.map(({ info }) => [info.run_name, info.status])).toEqual([
      ['first', 'FINISHED'],
      ['W1_1_J1', 'FINISHED'],
      ['W1_2_J2', 'FAILED'],
    ]);
    expect(history('W1_1_J1', 'train_loss')).toHaveLength(10);
    await expect(listPending(store)).resolves.toEqual([]);
  });

  it('goes on while another program holds the database, and has everything when that lets go', async () => {
    openTrackingStore(store).close();
    const other = new DatabaseSync(join(store, 'mlflow.db'));
    other.exec('BEGIN IMMEDIATE');
    const failed: string[] = [];
    const observe = (observation: RunObservation): void => {
      if (observation.type === 'entry' && observation.entry.event.type === 'component_failed')
        failed.push(observation.entry.event.message);
      if (observation.type === 'job' && observation.record.state !== 'running' && other.isOpen) other.close();
    };
    const root = make('sleep 1; mkdir -p models; echo \'{"best_metric": 0.7}\' > models/train_stats.json', 2);
    await search(root, { observe });
    expect(failed).toEqual([
      expect.stringContaining('mlflow.db: Another program has locked the tracking database.'),
    ]);
    expect(readStore().runs.map(({ info }) => [info.run_name, info.status])).toEqual([
      ['first', 'FINISHED'],
      ['W1_1_J1', 'FINISHED'],
      ['W1_2_J2', 'FINISHED'],
    ]);
  });

  it('shows a search whose program was killed as interrupted, and goes on when that is resumed', async () => {
    const root = make(EVERY_STATUS, 3);
    await search(root, { tracking: 'none' });
    const journal = join(root, 'automl/first/journal.jsonl');
    const whole = readFileSync(journal, 'utf8');
    const lines = whole.trimEnd().split('\n');
    const second = lines.findIndex((line) => line.includes('"job_started"') && line.includes('W1_2_J2'));
    writeFileSync(journal, `${lines.slice(0, second + 1).join('\n')}\n`);
    const opened = openTrackingStore(store);
    await expect(importPath(opened, { path: root })).resolves.toEqual({
      newRuns: 3,
      knownRuns: 0,
      newModels: 1,
      newVersions: 0,
      files: 0,
      problems: [],
    });
    const statuses = (): string[][] => readStore().runs.map(({ info }) => [info.run_name, info.status]);
    expect(statuses()).toEqual([
      ['first', 'KILLED'],
      ['W1_1_J1', 'FINISHED'],
      ['W1_2_J2', 'KILLED'],
    ]);
    writeFileSync(journal, whole);
    await expect(importPath(opened, { path: join(root, 'automl/first') })).resolves.toMatchObject({
      newRuns: 1,
      knownRuns: 3,
    });
    opened.close();
    expect(statuses()).toEqual([
      ['first', 'FINISHED'],
      ['W1_1_J1', 'FINISHED'],
      ['W1_2_J2', 'FAILED'],
      ['W1_3_J3', 'FAILED'],
    ]);
  });
});

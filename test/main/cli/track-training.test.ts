import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trackTraining } from '../../../main/cli/track-training.ts';
import { openTrackingStore } from '../../../main/mlflow/store/tracking-store.ts';
import { EventWriter } from '../../../trainer/tensorboard/event-writer.ts';
import { makeMmar } from '../automl/programs/make-mmar.ts';
import { captureOutput } from './capture-output.ts';

let root: string;
let mmar: string;
const dataBefore = process.env.OUTERLOOP_DATA;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-track-'));
  process.env.OUTERLOOP_DATA = root;
  mmar = join(root, 'lungs');
  cpSync(makeMmar(), mmar, { recursive: true });
  writeScalars(5);
});
afterEach(() => {
  process.env.OUTERLOOP_DATA = dataBefore;
  rmSync(root, { recursive: true, force: true });
});

/** An event file of its own, as each training begins one. */
function writeScalars(count: number): void {
  const writer = new EventWriter({
    folder: join(mmar, 'models'),
    describedAs: 'models',
    now: () => 1_700_000_000_000,
  });
  for (let step = 1; step <= count; step++) writer.scalar('train_loss', 1 / step, step);
  writer.close();
}

const readRuns = () => {
  const store = openTrackingStore(join(root, 'mlflow'), { readOnly: true });
  const { experiment_id: id } = store.experiments.findByName('lungs/training')!;
  const runs = store.runs.search({ experiment_ids: [id] }).items;
  const losses = runs.map(
    ({ info }) => store.metrics.getHistory({ run_id: info.run_id, metric_key: 'train_loss' }).items,
  );
  store.close();
  return runs.map((run, index) => ({
    status: run.info.status,
    losses: losses[index]!.length,
    tags: Object.fromEntries(run.data.tags.map(({ key, value }) => [key, value])),
    params: run.data.params.length,
    score: run.data.metrics.find(({ key }) => key === 'score')?.value,
    files: readdirSync(join(root, 'mlflow/artifacts', id, run.info.run_id, 'artifacts')).toSorted(),
  }));
};

describe('a training by itself', () => {
  it('is shown in MLflow with what it wrote, not with what others wrote before', async () => {
    const output = captureOutput();
    const tracked = await trackTraining(['-m', mmar, '-c', 'config/config_train.json'], output);
    writeScalars(3);
    const stats = {
      best_metric: 0.75,
      best_epoch: 2,
      status: 'aborted',
      reason: 'it was stopped by the user',
    };
    writeFileSync(join(mmar, 'models/train_stats.json'), JSON.stringify(stats));
    await tracked.end(3);
    expect(output.notes).toEqual([]);
    expect(readRuns()).toMatchObject([
      {
        status: 'KILLED',
        losses: 3,
        score: 0.75,
        tags: {
          'outerloop.status': 'aborted',
          'outerloop.reason': 'it was stopped by the user',
          'outerloop.kind': 'training',
        },
        files: ['config_train.json', 'train_stats.json'],
      },
    ]);
    expect(readRuns()[0]!.params).toBeGreaterThan(30);
  });

  it.each([
    [0, 'FINISHED', 'completed'],
    [1, 'FAILED', 'failed'],
    [4, 'FAILED', 'diverged'],
  ])('that ends with %i is %s', async (code, status, word) => {
    await (await trackTraining(['-m', mmar], captureOutput())).end(code);
    expect(readRuns()).toMatchObject([{ status, tags: { 'outerloop.status': word } }]);
  });

  it('goes on without MLflow when the store is damaged, and says so once', async () => {
    mkdirSync(join(root, 'mlflow'));
    appendFileSync(
      join(root, 'mlflow/mlflow.db'),
      'no database, and longer than a header of SQLite has to be. '.repeat(30),
    );
    const output = captureOutput();
    await (await trackTraining(['-m', mmar], output)).end(0);
    expect(output.notes).toEqual([
      'warning: the training is not shown in MLflow: mlflow.db: The file is no SQLite database.',
    ]);
  });
});

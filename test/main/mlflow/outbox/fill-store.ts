import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RunStatus } from '../../../../common/mlflow/entities.ts';
import { artifactPathOf } from '../../../../main/mlflow/artifacts/artifact-path.ts';
import type { TrackingStore } from '../../../../main/mlflow/store/tracking-store.ts';

export interface FilledRun {
  readonly name: string;
  readonly status: RunStatus;
  readonly points?: number;
  readonly parent?: string;
}

/** A run with params, tags, points, an input and files; some of each must stay on the machine. */
export function fillRun(
  store: TrackingStore,
  experimentId: string,
  { name, status, points = 30, parent }: FilledRun,
): string {
  const startTime = 1_700_000_000_000;
  const { info } = store.runs.create({
    experiment_id: experimentId,
    user_id: 'mueller',
    run_name: name,
    start_time: startTime,
    tags: [
      { key: 'mlflow.user', value: 'mueller' },
      { key: 'mlflow.source.name', value: '/home/mueller/train.py' },
      { key: 'outerloop.status', value: status.toLowerCase() },
      ...(parent === undefined ? [] : [{ key: 'mlflow.parentRunId', value: parent }]),
    ],
  });
  const runId = info.run_id;
  const params = Array.from({ length: 120 }, (_, index) => ({
    key: `config/p${index}`,
    value: String(index),
  }));
  store.runs.logBatch({ run_id: runId, params: params.slice(0, 100) });
  store.runs.logBatch({
    run_id: runId,
    params: [
      ...params.slice(100),
      { key: 'data', value: '/mnt/nas/patients' },
      { key: 'PatientName', value: 'x' },
    ],
  });
  logPoints(store, runId, points);
  const dataset = {
    name: 'data-list/training',
    digest: 'abcdef0123456789',
    source_type: 'outerloop',
    source: '{}',
  };
  store.inputs.logInputs({ run_id: runId, datasets: [{ dataset, tags: [] }] });
  const files = {
    'config_train.json': '{"epochs": 3}',
    'train_stats.json': `{"best_metric": 0.5, "reason": ${JSON.stringify(name)}}`,
    'model/MLmodel': 'flavors: {}\n',
    'model/model.onnx': 'weights of ' + name,
    'log.txt': 'reading /home/mueller/x',
    'config_automl.json': '{"path": "/home/mueller/x"}',
  };
  for (const [path, text] of Object.entries(files)) {
    const file = store.artifacts.resolve(`${artifactPathOf(info.artifact_uri)!}/${path}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  if (status !== 'RUNNING') store.runs.update({ run_id: runId, status, end_time: startTime + 60_000 });
  return runId;
}

/** A logged model of a run with files, params, tags and a metric, and a version of a registered model that is made of it. */
export function fillModel(store: TrackingStore, runId: string, name = 'net'): string {
  const { experiment_id } = store.runs.get(runId).info;
  const { info } = store.loggedModels.create({
    experiment_id,
    name,
    model_type: 'segmenter',
    source_run_id: runId,
    params: [
      { key: 'depth', value: '3' },
      { key: 'data', value: '/mnt/nas/patients' },
    ],
    tags: [
      { key: 'outerloop.job', value: 'J1' },
      { key: 'ward', value: 'the third' },
    ],
  });
  const { model_id: modelId } = info;
  const files = {
    MLmodel: `artifact_path: ${info.artifact_uri}\nflavors: {}\nmodel_id: ${modelId}\nmodel_uuid: ${modelId}\nrun_id: ${runId}\n`,
    'model.onnx': `weights of ${name}`,
  };
  for (const [path, text] of Object.entries(files)) {
    const file = store.artifacts.resolve(`${artifactPathOf(info.artifact_uri)!}/${path}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  store.loggedModels.finalize({ model_id: modelId, status: 'LOGGED_MODEL_READY' });
  store.inputs.logOutputs({ run_id: runId, models: [{ model_id: modelId, step: 20 }] });
  const metric = { key: 'val/dice', value: 0.75, step: 21, timestamp: 1_700_000_000_021, model_id: modelId };
  store.runs.logBatch({ run_id: runId, metrics: [metric] });
  if (store.registeredModels.find('best net') === undefined)
    store.registeredModels.create({ name: 'best net', description: 'the best' });
  const version = store.modelVersions.create({
    name: 'best net',
    source: `models:/${modelId}`,
    run_id: runId,
    model_id: modelId,
    description: 'for the ward',
  });
  store.modelVersions.setAlias('best net', 'champion', version.version);
  return modelId;
}

/** Points with values that JSON lacks among them. */
export function logPoints(store: TrackingStore, runId: string, count: number, from = 0): void {
  const special = [NaN, Infinity, -Infinity];
  for (let at = 0; at < count; at += 500)
    store.runs.logBatch({
      run_id: runId,
      metrics: Array.from({ length: Math.min(500, count - at) }, (_, index) => {
        const step = from + at + index;
        return {
          key: step % 2 === 0 ? 'train_loss' : 'val/dice',
          value: special[step] ?? 1 / step,
          step,
          timestamp: 1_700_000_000_000 + step,
        };
      }),
    });
}

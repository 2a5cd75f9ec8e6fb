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

import type { KeyValue } from '../../../common/mlflow/entities.ts';
import { invalidParameter, MLflowError } from '../../../common/mlflow/error.ts';
import type { MetricInput } from '../../../common/mlflow/requests.ts';
import { quote } from '../validation/messages.ts';
import type { TrackingDatabase } from './database.ts';
import { isConstraintViolation } from './store-fault.ts';

/** The largest number that SQLite's columns of MLflow hold for an infinity. */
const LARGEST = Number.MAX_VALUE;

interface StoredMetric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
  readonly isNan: 0 | 1;
}

function toStored({ key, value, timestamp, step = 0 }: MetricInput): StoredMetric {
  const isNan = Number.isNaN(value);
  return {
    key,
    value: isNan ? 0 : Math.max(-LARGEST, Math.min(LARGEST, value)),
    timestamp,
    step,
    isNan: isNan ? 1 : 0,
  };
}

/** A run that begins. */
export interface NewRun {
  readonly runId: string;
  readonly name: string;
  readonly userId: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly artifactUri: string;
  readonly experimentId: number;
}

/** @throws {MLflowError} RESOURCE_ALREADY_EXISTS where a run has the id. */
export function insertRun(db: TrackingDatabase, run: NewRun): void {
  try {
    db.run(
      `INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time,
         source_version, lifecycle_stage, artifact_uri, experiment_id)
       VALUES (?, ?, 'UNKNOWN', '', '', ?, 'RUNNING', ?, '', 'active', ?, ?)`,
      run.runId,
      run.name,
      run.userId,
      run.startTime,
      run.artifactUri,
      run.experimentId,
    );
  } catch (error) {
    if (!isConstraintViolation(error)) throw error;
    throw new MLflowError('RESOURCE_ALREADY_EXISTS', `Run with id=${run.runId} already exists`);
  }
}

/** Adds points to a run and keeps the latest of each metric. A point that is there already stays as it is. */
export function writeMetrics(db: TrackingDatabase, runId: string, metrics: readonly MetricInput[]): void {
  const latest = new Map<string, StoredMetric>();
  for (const metric of metrics) {
    const stored = toStored(metric);
    db.run(
      `INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      stored.key,
      stored.value,
      stored.timestamp,
      runId,
      stored.step,
      stored.isNan,
    );
    const other = latest.get(stored.key);
    if (other === undefined || isLater(stored, other)) latest.set(stored.key, stored);
  }
  for (const { key, value, timestamp, step, isNan } of latest.values())
    db.run(
      `INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (key, run_uuid) DO UPDATE
       SET value = excluded.value, timestamp = excluded.timestamp, step = excluded.step, is_nan = excluded.is_nan
       WHERE (excluded.step, excluded.timestamp, excluded.value) > (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)`,
      key,
      value,
      timestamp,
      step,
      isNan,
      runId,
    );
}

/** Whether one point is after another: by step, then time, then value. */
function isLater(a: StoredMetric, b: StoredMetric): boolean {
  if (a.step !== b.step) return a.step > b.step;
  return a.timestamp === b.timestamp ? a.value > b.value : a.timestamp > b.timestamp;
}

/** Adds the points that belong to a logged model to that model's metrics. */
export function writeModelMetrics(
  db: TrackingDatabase,
  runId: string,
  experimentId: number,
  metrics: readonly MetricInput[],
): void {
  for (const metric of metrics) {
    if (metric.model_id === undefined || metric.model_id === '') continue;
    const { key, value, timestamp, step } = toStored(metric);
    db.run(
      `INSERT INTO logged_model_metrics (model_id, metric_name, metric_timestamp_ms, metric_step, metric_value,
         experiment_id, run_id, dataset_name, dataset_digest)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      metric.model_id,
      key,
      timestamp,
      step,
      value,
      experimentId,
      runId,
      metric.dataset_name ?? null,
      metric.dataset_digest ?? null,
    );
  }
}

/** Adds params. One with the same value may be logged again, with another it may not. */
export function writeParams(db: TrackingDatabase, runId: string, params: readonly KeyValue[]): void {
  const changed: { key: string; old: string; value: string }[] = [];
  for (const { key, value } of params) {
    const { changes } = db.run(
      'INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      key,
      value,
      runId,
    );
    if (changes > 0) continue;
    const old = db.get<{ value: string }>(
      'SELECT value FROM params WHERE key = ? AND run_uuid = ?',
      key,
      runId,
    )!.value;
    if (old !== value) changed.push({ key, old, value });
  }
  if (changed.length === 0) return;
  const list = changed
    .map(
      (item) =>
        `{'key': ${quote(item.key)}, 'old_value': ${quote(item.old)}, 'new_value': ${quote(item.value)}}`,
    )
    .join(', ');
  throw invalidParameter(
    `Changing param values is not allowed. Params were already logged='[${list}]' for run ID='${runId}'.`,
  );
}

/** Sets tags; those that are there change. */
export function writeTags(db: TrackingDatabase, runId: string, tags: readonly KeyValue[]): void {
  for (const { key, value } of tags)
    db.run(
      `INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?) ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value`,
      key,
      value,
      runId,
    );
}

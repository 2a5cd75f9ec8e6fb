import type { KeyValue, LifecycleStage, LoggedModel, Metric } from '../../../common/mlflow/entities.ts';
import { MODEL_STATUSES } from '../../../common/mlflow/vocabulary.ts';
import type { TrackingDatabase } from './database.ts';

export interface ModelRow {
  model_id: string;
  experiment_id: number;
  name: string;
  artifact_location: string;
  creation_timestamp_ms: number;
  last_updated_timestamp_ms: number;
  status: number;
  lifecycle_stage: LifecycleStage | null;
  model_type: string | null;
  source_run_id: string | null;
  status_message: string | null;
}

export const MODEL_COLUMNS =
  'm.model_id, m.experiment_id, m.name, m.artifact_location, m.creation_timestamp_ms, m.last_updated_timestamp_ms, m.status, m.lifecycle_stage, m.model_type, m.source_run_id, m.status_message';
/** Databases of MLflow 2 have no logged models. */
export const hasLoggedModels = (db: TrackingDatabase): boolean => db.hasColumn('logged_models', 'model_id');

/** Whole models: tags, params and metrics. */
export function toLoggedModels(db: TrackingDatabase, rows: readonly ModelRow[]): LoggedModel[] {
  return rows.map((row) => ({
    info: {
      model_id: row.model_id,
      experiment_id: String(row.experiment_id),
      name: row.name,
      creation_timestamp_ms: row.creation_timestamp_ms,
      last_updated_timestamp_ms: row.last_updated_timestamp_ms,
      artifact_uri: row.artifact_location,
      status: MODEL_STATUSES[row.status] ?? MODEL_STATUSES[0],
      model_type: row.model_type ?? undefined,
      source_run_id: row.source_run_id ?? undefined,
      status_message: row.status_message ?? undefined,
      tags: db.all<KeyValue>(
        'SELECT tag_key AS key, tag_value AS value FROM logged_model_tags WHERE model_id = ?',
        row.model_id,
      ),
    },
    data: {
      params: db.all<KeyValue>(
        'SELECT param_key AS key, param_value AS value FROM logged_model_params WHERE model_id = ?',
        row.model_id,
      ),
      metrics: db
        .all<Nullable<Metric>>(
          `SELECT metric_name AS key, metric_value AS value, metric_timestamp_ms AS timestamp, metric_step AS step,
             dataset_name, dataset_digest, model_id, run_id FROM logged_model_metrics WHERE model_id = ?`,
          row.model_id,
        )
        .map(toModelMetric),
    },
  }));
}

type Nullable<T> = { [K in keyof T]-?: Exclude<T[K], undefined> | null };

function toModelMetric(row: Nullable<Metric>): Metric {
  return {
    key: row.key!,
    value: row.value ?? NaN,
    timestamp: row.timestamp!,
    step: row.step!,
    dataset_name: row.dataset_name ?? undefined,
    dataset_digest: row.dataset_digest ?? undefined,
    model_id: row.model_id!,
    run_id: row.run_id!,
  };
}

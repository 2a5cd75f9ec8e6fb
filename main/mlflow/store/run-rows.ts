import type {
  DatasetInput,
  KeyValue,
  LifecycleStage,
  Metric,
  ModelInput,
  ModelOutput,
  Run,
  RunInfo,
  RunStatus,
} from '../../../common/mlflow/entities.ts';
import { ANY_OF } from './conditions.ts';
import type { TrackingDatabase } from './database.ts';

export interface RunRow {
  run_uuid: string;
  name: string | null;
  user_id: string | null;
  status: RunStatus;
  start_time: number | null;
  end_time: number | null;
  lifecycle_stage: LifecycleStage;
  artifact_uri: string | null;
  experiment_id: number;
}

export const RUN_COLUMNS =
  'r.run_uuid, r.name, r.user_id, r.status, r.start_time, r.end_time, r.lifecycle_stage, r.artifact_uri, r.experiment_id';

export interface MetricRow {
  key: string;
  value: number;
  timestamp: number;
  step: number;
  is_nan: number;
}

/** SQLite has no NaN: it is stored as 0 with a mark. */
export function toMetric({ key, value, timestamp, step, is_nan }: MetricRow): Metric {
  return { key, value: is_nan === 0 ? value : NaN, timestamp, step };
}

export function toRunInfo(row: RunRow): RunInfo {
  return {
    run_uuid: row.run_uuid,
    experiment_id: String(row.experiment_id),
    run_name: row.name ?? '',
    user_id: row.user_id ?? '',
    status: row.status,
    start_time: row.start_time ?? 0,
    end_time: row.end_time ?? undefined,
    artifact_uri: row.artifact_uri ?? '',
    lifecycle_stage: row.lifecycle_stage,
    run_id: row.run_uuid,
  };
}

/** How many runs' parts are read by one statement, and held as rows beside the runs that are made of them. */
const CHUNK = 250;

interface Owned {
  owner: string;
}

/** The whole runs: latest metrics, params, tags, inputs and outputs, in the order of `rows`. */
export function readRuns(db: TrackingDatabase, rows: readonly RunRow[]): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < rows.length; at += CHUNK) {
    const some = readBareRuns(db, rows.slice(at, at + CHUNK));
    fillData(db, some);
    runs.push(...some);
  }
  return runs;
}

/** The runs with their inputs and outputs, without what was logged. */
export function readBareRuns(db: TrackingDatabase, rows: readonly RunRow[]): Run[] {
  const runs = rows.map((row): Run => ({
    info: toRunInfo(row),
    data: { metrics: [], params: [], tags: [] },
    inputs: { dataset_inputs: [], model_inputs: [] },
    outputs: { model_outputs: [] },
  }));
  // MLflow before 2.4 has no inputs
  if (db.hasColumn('inputs', 'source_id')) fillInputs(db, runs);
  return runs;
}

/** Reads rows of these runs: in the statement, `IN (?)` stands for them. */
type Read = <T>(sql: string) => (T & Owned)[];

function readOwned(db: TrackingDatabase, runs: readonly Run[]): { read: Read; byId: Map<string, Run> } {
  const ids = JSON.stringify(runs.map(({ info }) => info.run_id));
  return {
    read: <T>(sql: string) => db.all<T & Owned>(sql.replace('(?)', ANY_OF), ids),
    byId: new Map(runs.map((run) => [run.info.run_id, run])),
  };
}

function fillData(db: TrackingDatabase, runs: readonly Run[]): void {
  const { read, byId } = readOwned(db, runs);
  for (const row of read<MetricRow>(
    'SELECT run_uuid AS owner, key, value, timestamp, step, is_nan FROM latest_metrics WHERE run_uuid IN (?)',
  ))
    byId.get(row.owner)!.data.metrics.push(toMetric(row));
  for (const { owner, key, value } of read<KeyValue>(
    'SELECT run_uuid AS owner, key, value FROM params WHERE run_uuid IN (?)',
  ))
    byId.get(owner)!.data.params.push({ key, value });
  for (const { owner, key, value } of read<{ key: string; value: string | null }>(
    'SELECT run_uuid AS owner, key, value FROM tags WHERE run_uuid IN (?)',
  ))
    byId.get(owner)!.data.tags.push({ key, value: value ?? '' });
}

function fillInputs(db: TrackingDatabase, runs: readonly Run[]): void {
  const { read, byId } = readOwned(db, runs);
  for (const { owner, ...input } of readDatasetInputs(read))
    byId.get(owner)!.inputs.dataset_inputs.push(input);
  fillModels(db, read, byId);
}

interface DatasetRow {
  input_uuid: string;
  name: string;
  digest: string;
  dataset_source_type: string;
  dataset_source: string;
  dataset_schema: string | null;
  dataset_profile: string | null;
  tag: string | null;
  tag_value: string | null;
}

function readDatasetInputs(read: Read): (DatasetInput & Owned)[] {
  const rows = read<DatasetRow>(
    `SELECT i.destination_id AS owner, i.input_uuid, d.name, d.digest, d.dataset_source_type, d.dataset_source,
            d.dataset_schema, d.dataset_profile, t.name AS tag, t.value AS tag_value
     FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
     LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid
     WHERE i.destination_type = 'RUN' AND i.source_type = 'DATASET' AND i.destination_id IN (?)`,
  );
  const inputs = new Map<string, DatasetInput & Owned>();
  for (const row of rows) {
    let input = inputs.get(row.input_uuid);
    if (input === undefined) {
      input = { owner: row.owner, tags: [], dataset: toDataset(row) };
      inputs.set(row.input_uuid, input);
    }
    if (row.tag !== null) input.tags.push({ key: row.tag, value: row.tag_value ?? '' });
  }
  return [...inputs.values()];
}

function toDataset(row: DatasetRow): DatasetInput['dataset'] {
  return {
    name: row.name,
    digest: row.digest,
    source_type: row.dataset_source_type,
    source: row.dataset_source,
    schema: row.dataset_schema ?? undefined,
    profile: row.dataset_profile ?? undefined,
  };
}

function fillModels(db: TrackingDatabase, read: Read, runs: ReadonlyMap<string, Run>): void {
  for (const { owner, model_id } of read<ModelInput>(
    `SELECT source_id AS owner, destination_id AS model_id FROM inputs
     WHERE source_type = 'RUN_INPUT' AND destination_type = 'MODEL_INPUT' AND source_id IN (?)`,
  ))
    runs.get(owner)!.inputs.model_inputs.push({ model_id });
  const step = db.hasColumn('inputs', 'step') ? 'step' : '0 AS step';
  for (const { owner, model_id, step: at } of read<ModelOutput>(
    `SELECT source_id AS owner, destination_id AS model_id, ${step} FROM inputs
     WHERE source_type = 'RUN_OUTPUT' AND destination_type = 'MODEL_OUTPUT' AND source_id IN (?)`,
  ))
    runs.get(owner)!.outputs.model_outputs.push({ model_id, step: at });
}

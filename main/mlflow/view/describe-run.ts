import type { z } from 'zod';
import type {
  ExperimentRow,
  MetricSeries,
  TrackedArtifact,
  trackedModel,
  TrackedRun,
  TrackedRunDetail,
} from '../../../common/api/tracking.ts';
import type {
  Experiment,
  FileInfo,
  KeyValue,
  LoggedModel,
  Metric,
  Run,
} from '../../../common/mlflow/entities.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import type { RunCounts } from '../store/overview.ts';

/** MLflow's own tags begin so; those of them that mean something have fields of their own. */
const RESERVED = 'mlflow.';

const toRecord = (list: readonly KeyValue[]): Record<string, string> =>
  Object.fromEntries(list.map(({ key, value }) => [key, value]));

/** JSON has no NaN. */
export const toMeasured = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** A time of MLflow's; 0 is none. */
const toInstant = (timeMs: number | undefined): string | undefined =>
  timeMs === undefined || timeMs <= 0 || timeMs > LAST_TIME_MS ? undefined : new Date(timeMs).toISOString();

const LAST_TIME_MS = 8.64e15;

export function describeExperiment(experiment: Experiment, counts: RunCounts | undefined): ExperimentRow {
  const tags = toRecord(experiment.tags);
  const metric = tags[MLFLOW_TAGS.primaryMetric];
  return {
    experiment: experiment.experiment_id,
    name: experiment.name,
    isDeleted: experiment.lifecycle_stage === 'deleted',
    note: tags[MLFLOW_TAGS.note],
    createdAt: toInstant(experiment.creation_time),
    updatedAt: toInstant(experiment.last_update_time),
    tags: withoutReserved(tags),
    primaryMetric:
      metric === undefined
        ? undefined
        : {
            name: metric,
            isGreaterBetter: tags[MLFLOW_TAGS.primaryMetricIsGreater]?.toLowerCase() !== 'false',
          },
    runs: counts ?? { total: 0, running: 0, failed: 0 },
  };
}

export function describeRun({ info, data, inputs }: Run): TrackedRun {
  const tags = toRecord(data.tags);
  return {
    run: info.run_id,
    experiment: info.experiment_id,
    name: info.run_name,
    status: info.status,
    isDeleted: info.lifecycle_stage === 'deleted',
    parent: tags[MLFLOW_TAGS.parentRunId] || undefined,
    startedAt: toInstant(info.start_time),
    endedAt: toInstant(info.end_time),
    seconds:
      info.end_time === undefined || info.start_time === 0
        ? undefined
        : Math.max(0, (info.end_time - info.start_time) / 1000),
    user: info.user_id || tags[MLFLOW_TAGS.user] || undefined,
    note: tags[MLFLOW_TAGS.note],
    metrics: Object.fromEntries(data.metrics.map(({ key, value }) => [key, toMeasured(value)])),
    params: toRecord(data.params),
    tags: withoutReserved(tags),
    datasets: inputs.dataset_inputs.map(({ dataset, tags: ofInput }) => ({
      name: dataset.name,
      digest: dataset.digest,
      context: toRecord(ofInput)[MLFLOW_TAGS.dataContext],
    })),
  };
}

export interface RunSurroundings {
  readonly experimentName: string;
  readonly children: readonly Run[];
  readonly models: readonly (LoggedModel & { readonly step: number })[];
}

export function describeRunDetail(run: Run, around: RunSurroundings): TrackedRunDetail {
  const latest = run.data.metrics
    .map(({ key, value, step, timestamp }) => ({
      key,
      value: toMeasured(value),
      step,
      at: toInstant(timestamp),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    ...describeRun(run),
    experimentName: around.experimentName,
    latest,
    children: around.children.map(({ info }) => ({
      run: info.run_id,
      name: info.run_name,
      status: info.status,
    })),
    models: around.models.map(describeModel),
  };
}

const MODEL_STATES = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: 'pending',
  LOGGED_MODEL_PENDING: 'pending',
  LOGGED_MODEL_READY: 'ready',
  LOGGED_MODEL_UPLOAD_FAILED: 'failed',
} as const;

function describeModel({
  info,
  step,
}: LoggedModel & { readonly step: number }): z.output<typeof trackedModel> {
  return { model: info.model_id, name: info.name, state: MODEL_STATES[info.status], step };
}

export function describeSeries(
  run: string,
  metric: string,
  points: readonly Metric[],
  total: number,
): MetricSeries {
  return {
    run,
    metric,
    total,
    steps: points.map(({ step }) => step),
    times: points.map(({ timestamp }) => timestamp),
    values: points.map(({ value }) => toMeasured(value)),
  };
}

/** A file of a run or a model; `root` is where the owner's files are, `address` where the window finds them. */
export function describeArtifact(file: FileInfo, root: string, address: string): TrackedArtifact {
  const path = file.path.slice(root.length + 1);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    path,
    name,
    isFolder: file.is_dir,
    sizeBytes: file.file_size,
    url: file.is_dir ? undefined : `${address}/${path.split('/').map(encodeURIComponent).join('/')}`,
  };
}

function withoutReserved(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith(RESERVED)));
}

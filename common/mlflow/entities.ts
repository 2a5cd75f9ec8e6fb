import { z } from 'zod';
import { NUMBER_WORDS } from './metric-value.ts';
import {
  LIFECYCLE_STAGES,
  MODEL_STATUSES,
  RUN_STATUSES,
  VERSION_STATUSES,
  VIEW_TYPES,
} from './vocabulary.ts';

/*
 * MLflow's entities as they are on the wire: names, defaults and the omission of empty lists as its protocol has them.
 * Times are milliseconds since 1970. Every list that may be absent on the wire is a list here.
 */

export const runStatus = z.enum(RUN_STATUSES);
export const lifecycleStage = z.enum(LIFECYCLE_STAGES);
export const viewType = z.enum(VIEW_TYPES);

const listOf = <T extends z.ZodType>(item: T) => z.array(item).default([]);

/** A key with a text: a param, a tag of a run, of an experiment, of a model, of a dataset. */
export const keyValue = z.object({ key: z.string(), value: z.string().default('') });

/** A value of the wire, as a number: a word where JSON has none. */
const wireNumber = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform((word) => NUMBER_WORDS[word]),
]);

/** One point of a metric's history. NaN and infinities are numbers here and words on the wire. */
export const metric = z.object({
  key: z.string(),
  value: wireNumber,
  timestamp: z.number(),
  step: z.number().default(0),
  model_id: z.string().optional(),
  dataset_name: z.string().optional(),
  dataset_digest: z.string().optional(),
  run_id: z.string().optional(),
});

export const experiment = z.object({
  experiment_id: z.string(),
  name: z.string(),
  artifact_location: z.string().default(''),
  lifecycle_stage: lifecycleStage.default('active'),
  creation_time: z.number().optional(),
  last_update_time: z.number().optional(),
  tags: listOf(keyValue),
});

export const runInfo = z.object({
  run_id: z.string(),
  run_uuid: z.string().optional(),
  run_name: z.string().default(''),
  experiment_id: z.string(),
  user_id: z.string().default(''),
  status: runStatus,
  start_time: z.number().default(0),
  end_time: z.number().optional(),
  artifact_uri: z.string().default(''),
  lifecycle_stage: lifecycleStage.default('active'),
});

/** `metrics` holds the latest point of each metric. */
export const runData = z.object({
  metrics: listOf(metric),
  params: listOf(keyValue),
  tags: listOf(keyValue),
});

/** A data set: a name and a digest, never the data. `schema` and `profile` are JSON texts. */
export const dataset = z.object({
  name: z.string(),
  digest: z.string(),
  source_type: z.string(),
  source: z.string(),
  schema: z.string().optional(),
  profile: z.string().optional(),
});

export const datasetInput = z.object({ dataset, tags: listOf(keyValue) });
export const modelInput = z.object({ model_id: z.string() });
export const modelOutput = z.object({ model_id: z.string(), step: z.number().default(0) });

export const run = z.object({
  info: runInfo,
  data: runData.prefault({}),
  inputs: z.object({ dataset_inputs: listOf(datasetInput), model_inputs: listOf(modelInput) }).prefault({}),
  outputs: z.object({ model_outputs: listOf(modelOutput) }).prefault({}),
});

export const datasetSummary = z.object({
  experiment_id: z.string(),
  name: z.string(),
  digest: z.string(),
  context: z.string().optional(),
});

/** A file or folder of a run; `path` is relative to the root that was listed, with `/`. */
export const fileInfo = z.object({
  path: z.string(),
  is_dir: z.boolean().default(false),
  file_size: z.number().optional(),
});

export const loggedModel = z.object({
  info: z.object({
    model_id: z.string(),
    experiment_id: z.string(),
    name: z.string().default(''),
    creation_timestamp_ms: z.number().default(0),
    last_updated_timestamp_ms: z.number().default(0),
    artifact_uri: z.string().default(''),
    status: z.enum(MODEL_STATUSES).default('LOGGED_MODEL_STATUS_UNSPECIFIED'),
    model_type: z.string().optional(),
    source_run_id: z.string().optional(),
    status_message: z.string().optional(),
    tags: listOf(keyValue),
  }),
  data: z.object({ params: listOf(keyValue), metrics: listOf(metric) }).prefault({}),
});

export const modelVersion = z.object({
  name: z.string(),
  version: z.string(),
  creation_timestamp: z.number().optional(),
  last_updated_timestamp: z.number().optional(),
  user_id: z.string().optional(),
  current_stage: z.string().default('None'),
  description: z.string().optional(),
  source: z.string().optional(),
  run_id: z.string().optional(),
  status: z.enum(VERSION_STATUSES).default('READY'),
  status_message: z.string().optional(),
  run_link: z.string().optional(),
  model_id: z.string().optional(),
  tags: listOf(keyValue),
  aliases: listOf(z.string()),
});

export const registeredModel = z.object({
  name: z.string(),
  creation_timestamp: z.number().optional(),
  last_updated_timestamp: z.number().optional(),
  description: z.string().optional(),
  latest_versions: listOf(modelVersion),
  tags: listOf(keyValue),
  aliases: listOf(z.object({ alias: z.string(), version: z.string() })),
});

export type RunStatus = z.infer<typeof runStatus>;
export type LifecycleStage = z.infer<typeof lifecycleStage>;
export type ViewType = z.infer<typeof viewType>;
export type ModelStatus = (typeof MODEL_STATUSES)[number];
export type KeyValue = z.infer<typeof keyValue>;
export type Metric = z.infer<typeof metric>;
/** A point of a history that was asked for together with those of other runs. */
export type MetricOfRun = Metric & { readonly run_id: string };
export type Experiment = z.infer<typeof experiment>;
export type RunInfo = z.infer<typeof runInfo>;
export type RunData = z.infer<typeof runData>;
export type Run = z.infer<typeof run>;
export type Dataset = z.infer<typeof dataset>;
export type DatasetInput = z.infer<typeof datasetInput>;
export type DatasetSummary = z.infer<typeof datasetSummary>;
export type ModelInput = z.infer<typeof modelInput>;
export type ModelOutput = z.infer<typeof modelOutput>;
export type FileInfo = z.infer<typeof fileInfo>;
export type LoggedModel = z.infer<typeof loggedModel>;
export type ModelVersion = z.infer<typeof modelVersion>;
export type RegisteredModel = z.infer<typeof registeredModel>;

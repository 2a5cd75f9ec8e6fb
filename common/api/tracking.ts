import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { RUN_STATUSES } from '../mlflow/vocabulary.ts';
import { command, query, stream } from '../rpc/contract.ts';

/*
 * The tracking store as the window shows it: experiments, runs with what they measured, their files. A search that MLflow
 * refuses is a fault `tracking-request` with MLflow's words; an id that is not there is `run-not-found`.
 */

const count = z.int().nonnegative();
const instant = z.iso.datetime();

/** MLflow's ids: of an experiment `3`, of a run or model 32 hexadecimal digits or a name of ours. */
export const experimentId = z.string().regex(/^\d{1,18}$/);
export const trackedRunId = z.string().regex(/^[A-Za-z0-9][\w-]{0,63}$/);
export const trackedModelId = trackedRunId;

/** What is shown of what was deleted: deleted things can be restored. */
export const trackingView = z.enum(['active', 'deleted', 'all']).default('active');
export type TrackingView = z.output<typeof trackingView>;

/** A number that was measured. JSON has no NaN: it is null. */
const measured = z.number().nullable();

export const trackingStatus = z.object({
  mlflowVersion: z.string().describe('the MLflow whose database this is'),
  folder: z.string().describe('where the store is on this machine, to be shown'),
  readOnly: z.custom<Fault>().optional().describe('why nothing can be changed, where nothing can'),
});
export type TrackingStatus = z.output<typeof trackingStatus>;

export const experimentRow = z.object({
  experiment: experimentId,
  name: z.string(),
  isDeleted: z.boolean(),
  note: z.string().optional().describe('Markdown'),
  createdAt: instant.optional(),
  updatedAt: instant.optional(),
  tags: z.record(z.string(), z.string()),
  primaryMetric: z
    .object({ name: z.string(), isGreaterBetter: z.boolean() })
    .optional()
    .describe('what its runs are compared by, where it says so'),
  runs: z.object({ total: count, running: count, failed: count }).describe('those that are not deleted'),
});
export type ExperimentRow = z.output<typeof experimentRow>;

export const trackedRunStatus = z.enum(RUN_STATUSES);
export type TrackedRunStatus = z.output<typeof trackedRunStatus>;

/** A run as the table shows it. */
export const trackedRun = z.object({
  run: trackedRunId,
  experiment: experimentId,
  name: z.string(),
  status: trackedRunStatus,
  isDeleted: z.boolean(),
  parent: trackedRunId.optional().describe('the run that it is nested in: a search for its jobs'),
  startedAt: instant.optional(),
  endedAt: instant.optional(),
  seconds: z.number().nonnegative().optional().describe('from start to end'),
  user: z.string().optional(),
  note: z.string().optional().describe('Markdown'),
  metrics: z.record(z.string(), measured).describe('the latest value of each'),
  params: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()).describe("without MLflow's own, which begin with mlflow."),
  datasets: z.array(z.object({ name: z.string(), digest: z.string(), context: z.string().optional() })),
});
export type TrackedRun = z.output<typeof trackedRun>;

/** A model that a run logged. */
export const trackedModel = z.object({
  model: trackedModelId,
  name: z.string(),
  state: z.enum(['pending', 'ready', 'failed']),
  step: z.int(),
});

/** A run with all that there is of it. */
export const trackedRunDetail = trackedRun.extend({
  experimentName: z.string(),
  latest: z
    .array(z.object({ key: z.string(), value: measured, step: z.int(), at: instant.optional() }))
    .describe('the latest point of each metric, by name'),
  children: z.array(z.object({ run: trackedRunId, name: z.string(), status: trackedRunStatus })),
  models: z.array(trackedModel),
});
export type TrackedRunDetail = z.output<typeof trackedRunDetail>;

const runsPage = z.object({
  runs: z.array(trackedRun),
  nextPage: z.string().optional().describe('give it as `page` for those that follow'),
});

/** What the columns of a table of runs can be. */
export const trackingColumns = z.object({
  metrics: z.array(z.string()),
  params: z.array(z.string()),
  tags: z.array(z.string()),
});
export type TrackingColumns = z.output<typeof trackingColumns>;

/** The history of one metric of one run, thinned out evenly; its first and last point are always there. */
export const metricSeries = z.object({
  run: trackedRunId,
  metric: z.string(),
  total: count.describe('how many points there are'),
  steps: z.array(z.int()),
  times: z.array(z.number()).describe('milliseconds since 1970'),
  values: z.array(measured),
});
export type MetricSeries = z.output<typeof metricSeries>;

/** Whose files: those of a run, or of a model. */
const artifactOwner = z.union([z.object({ run: trackedRunId }), z.object({ model: trackedModelId })]);

/** `path` is relative to the owner's folder, with `/`. */
export const trackedArtifact = z.object({
  path: z.string(),
  name: z.string(),
  isFolder: z.boolean(),
  sizeBytes: count.optional(),
  url: z
    .string()
    .optional()
    .describe('where the content is: a download; ?show=1 gives pictures and text for display'),
});
export type TrackedArtifact = z.output<typeof trackedArtifact>;

const runIds = z.array(trackedRunId).min(1).max(1000);
const done = z.object({});

export const trackingApi = {
  status: query(z.object({}), trackingStatus),
  experiments: query(z.object({ view: trackingView }), z.array(experimentRow)),
  columns: query(z.object({ experiments: z.array(experimentId) }), trackingColumns),
  runs: query(
    z.object({
      experiments: z.array(experimentId).describe('all that are not deleted when empty'),
      filter: z.string().max(10_000).default('').describe("MLflow's: metrics.loss < 1 AND params.lr = '0.1'"),
      orderBy: z.array(z.string()).default([]).describe('metrics.loss DESC; newest first when empty'),
      view: trackingView,
      limit: z.int().min(1).max(1000).default(100),
      page: z.string().optional(),
    }),
    runsPage,
  ),
  /** Some runs by their ids, in this order; those that are not there are left out. For comparing. */
  runsById: query(z.object({ runs: z.array(trackedRunId).max(200) }), z.array(trackedRun)),
  run: query(z.object({ run: trackedRunId }), trackedRunDetail),
  histories: query(
    z.object({
      runs: z.array(trackedRunId).min(1).max(100),
      metrics: z.array(z.string()).min(1).max(50),
      points: z.int().min(2).max(2500).default(500).describe('for each run and metric, at most'),
    }),
    z.array(metricSeries).describe('those with points only'),
  ),
  artifacts: query(
    z.object({ of: artifactOwner, path: z.string().max(2000).default('') }),
    z.array(trackedArtifact),
  ),
  /** An item when the store has changed, by whomever; ask again then. The first comes at once. */
  changes: stream(z.object({}), z.object({ version: count })),
  deleteRuns: command(z.object({ runs: runIds }), done),
  restoreRuns: command(z.object({ runs: runIds }), done),
  renameRun: command(z.object({ run: trackedRunId, name: z.string().min(1).max(250) }), done),
  setRunNote: command(z.object({ run: trackedRunId, note: z.string().max(8000) }), done),
  setRunTag: command(
    z.object({
      run: trackedRunId,
      key: z.string().min(1).max(250),
      value: z.string().max(8000).nullable().describe('null takes it away'),
    }),
    done,
  ),
  deleteExperiment: command(z.object({ experiment: experimentId }), done),
  restoreExperiment: command(z.object({ experiment: experimentId }), done),
  renameExperiment: command(z.object({ experiment: experimentId, name: z.string().min(1).max(256) }), done),
  setExperimentNote: command(z.object({ experiment: experimentId, note: z.string().max(20_000) }), done),
};

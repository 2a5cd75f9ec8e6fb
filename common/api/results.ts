import { z } from 'zod';
import type { Fault } from '../fault.ts';
import type { Json } from '../json.ts';
import { command, query, stream } from '../rpc/contract.ts';
import { jobName, jobRef, mmarPath, runRef, type MmarId } from './ids.ts';

const prl = z.string();
const fault = z.custom<Fault>();
const json: z.ZodType<Json, Json> = z.json() as z.ZodType<Json, Json>;

/** How much one parameter had to do with the scores. */
export const importanceRow = z.object({
  prl,
  importance: z.number().min(0).max(1).describe("fraction of the scores' variance; all of them add up to 1"),
  spread: z.number().nonnegative().describe('standard deviation over the trees of the forest'),
});
export type ImportanceRow = z.output<typeof importanceRow>;

/** What a forest expects of one parameter, the others averaged out. */
export const marginalCurve = z.object({
  prl,
  x: z.array(z.number()).describe("the parameter's values; indices of choices for enum and bool"),
  mean: z.array(z.number()),
  spread: z.array(z.number().nonnegative()).describe('standard deviation over the trees'),
});
export type MarginalCurve = z.output<typeof marginalCurve>;

export const importance = z.object({
  jobs: z.int().nonnegative().describe('with a score, that it was learned from'),
  needed: z.int().positive().describe('how many there have to be'),
  rows: z.array(importanceRow).describe('largest first; empty when there are too few jobs'),
  marginals: z.array(marginalCurve),
});
export type Importance = z.output<typeof importance>;

/** Expected scores over two parameters: `mean[row * x.length + column]`, one row per y. */
export const contourGrid = z.object({
  x: z.array(z.number()),
  y: z.array(z.number()),
  mean: z.array(z.number()),
});
export type ContourGrid = z.output<typeof contourGrid>;

/** One place where the configs of jobs differ. */
export const configDifference = z.object({
  path: z.string().describe('as docs/configs.md writes it, e.g. train.optimizer.args.lr'),
  values: z.array(json.nullable()).describe('per job, in the order asked; null where it is not there'),
  isSearched: z.boolean(),
});
export type ConfigDifference = z.output<typeof configDifference>;

/** One validation case. Its images are `case` places of images.open, its segmentation a `file`. */
export const caseScore = z.object({
  list: z.string().describe('key of the data list'),
  index: z.int().nonnegative().describe('of the case under that key'),
  name: z.string(),
  score: z.number().nullable().describe('mean over the classes'),
  classes: z.array(z.number().nullable()),
  segmentation: mmarPath.optional().describe('once it is there and within the MMAR'),
});
export type CaseScore = z.output<typeof caseScore>;

/** The key metric of a job's best epoch, for each class. */
export const classScores = z.object({
  metric: z.string(),
  epoch: z.int(),
  classes: z.array(
    z.object({
      number: z.int().nonnegative().describe('of the label'),
      name: z.string().optional().describe('as the data list says'),
      score: z.number().nullable().describe('null where no case has the class'),
    }),
  ),
});
export type ClassScores = z.output<typeof classScores>;

/** How the evaluation of a job on the validation cases stands. */
export const evaluation = z.object({
  state: z.enum(['none', 'running', 'done', 'failed']),
  step: z.enum(['scores', 'segmentations']).optional().describe('while it runs'),
  done: z.int().nonnegative().describe('cases segmented'),
  total: z.int().nonnegative(),
  faults: z.array(fault),
  classes: z.array(z.string()),
  metric: z.string().optional(),
  cases: z.array(caseScore).describe('worst first'),
});
export type Evaluation = z.output<typeof evaluation>;

/** What making a job the default would change in the train config. */
export const defaultChange = z.object({
  file: z.string(),
  digest: z.string().describe('of the file as it is: it has to be the same when the change is made'),
  changes: z.array(z.object({ path: z.string(), before: json.nullable(), after: json })),
  before: z.string(),
  after: z.string(),
});
export type DefaultChange = z.output<typeof defaultChange>;

/** What a run has come to. Jobs, scores and values come from `runs.watch`. */
export const resultsApi = {
  importance: query(runRef, importance),
  contour: query(runRef.extend({ x: prl, y: prl }), contourGrid),
  compare: query(
    runRef.extend({ jobs: z.array(jobName).min(2).max(8) }),
    z.object({ differences: z.array(configDifference), configs: z.array(z.string()) }),
  ),
  /** Null where the training does not say. */
  classScores: query(jobRef, z.object({ scores: classScores.nullable() })),
  /** Segments the validation cases with the job's model and scores them, in a process of its own. */
  evaluate: command(jobRef, z.object({})),
  cancelEvaluation: command(jobRef, z.object({})),
  evaluation: stream(jobRef, evaluation),
  defaultChange: query(jobRef, defaultChange),
  makeDefault: command(jobRef.extend({ digest: z.string() }), z.object({ changed: z.int().nonnegative() })),
} as const;

interface RunPlace {
  readonly mmar: MmarId;
  readonly run: string;
}

const resultAddress = (...parts: readonly string[]): string =>
  `/resource/results/${parts.map(encodeURIComponent).join('/')}`;

/** Where a job's model can be downloaded, as ONNX. */
export const modelAddress = ({ mmar, run, job }: RunPlace & { readonly job: string }): string =>
  resultAddress(mmar, run, job, 'model.onnx');

/** Where the report of a run can be downloaded: one HTML file. */
export const reportAddress = ({ mmar, run }: RunPlace): string => resultAddress(mmar, run, 'report.html');

/** Where the leaderboard of a run can be downloaded, as CSV. */
export const leaderboardAddress = ({ mmar, run }: RunPlace): string =>
  resultAddress(mmar, run, 'leaderboard.csv');

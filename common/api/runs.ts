import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { jobState, runStatus } from '../run/job-status.ts';
import { stopTime } from '../run/run-controls.ts';
import { runWorkers } from '../run/worker-status.ts';
import { command, query, stream } from '../rpc/contract.ts';
import { searchSpaceSchema } from '../search-space/search-space-schema.ts';
import { jobName, jobRef, mmarId, runName, runRef } from './ids.ts';
import { machineUse } from './machine-use.ts';

/**
 * How a run stands: as it ended, or `running`. `killed`: it has not ended, and nobody works on it. It can be resumed as an
 * interrupted one can.
 */
export const runState = z.enum([...runStatus.options, 'running', 'killed']);
export type RunState = z.output<typeof runState>;

const fault = z.custom<Fault>();
const count = z.int().nonnegative();

/** How many jobs stand how. */
export const jobCounts = z.object({
  started: count.describe('all that have ever been'),
  running: count,
  interrupted: count.describe('are run again by a resume'),
  completed: count,
  failed: count,
  aborted: count,
  timeout: count,
  diverged: count,
  planned: count.optional().describe('how many the controller means to try, where it knows'),
});
export type JobCounts = z.output<typeof jobCounts>;

/** A run as lists and headers show it. */
export const runHead = z.object({
  mmar: mmarId,
  run: runName,
  state: runState,
  place: z
    .enum(['here', 'elsewhere'])
    .optional()
    .describe('which program carries it out while it runs: one elsewhere can be stopped at most'),
  reason: z.string().optional().describe('why it ended, or is going to'),
  stopping: stopTime.optional().describe('a stop was asked for and has not come'),
  isResumable: z.boolean(),
  controller: z.string(),
  executor: z.string(),
  seed: z.int().nonnegative(),
  workers: z.string().describe('as given: 0:0:1,2'),
  trusted: z.boolean().describe("the MMAR's own code may run"),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  seconds: z.number().nonnegative().describe('of all its starts, pauses between them left out'),
  secondsLeft: z.number().nonnegative().optional(),
  jobs: jobCounts,
  best: z.object({ job: z.string(), score: z.number() }).optional(),
  keyMetric: z.string().optional(),
});
export type RunHead = z.output<typeof runHead>;

/** A folder in automl/ that cannot be shown as a run. */
export const brokenRun = z.object({ run: runName, faults: z.array(fault) });
export type BrokenRun = z.output<typeof brokenRun>;

/** One job as the table shows it. */
export const jobRow = z.object({
  job: z.string(),
  number: z.int().positive().describe('the how-manieth job of the run'),
  worker: z.string(),
  devices: z.array(z.string()).describe('GPU ids; empty for the CPU'),
  round: z.int().positive(),
  state: jobState,
  reason: z.string().optional(),
  faults: z.array(fault).optional(),
  score: z.number().optional().describe('best value of the key metric so far'),
  keyMetric: z.string().optional(),
  bestEpoch: z.int().optional(),
  epoch: z.int().optional(),
  epochs: z.int().optional(),
  iteration: z.int().optional(),
  iterationsPerEpoch: z.int().optional(),
  loss: z.number().nullable().optional(),
  learningRate: z.number().optional(),
  provider: z.string().optional().describe('what it computes on, e.g. cpu or cuda'),
  secondsLeft: z.number().optional(),
  startedAt: z.iso.datetime().describe('its first start'),
  runningSince: z.iso.datetime().optional().describe('its last start, while it runs'),
  endedAt: z.iso.datetime().optional(),
  seconds: z.number().nonnegative().describe('of all attempts that have ended'),
  attempts: z.int().positive(),
  values: z.record(z.string(), z.number()).describe('by PRL; an index into the choices for enum and bool'),
});
export type JobRow = z.output<typeof jobRow>;

/** What is new of a run. The first items hold all that is known; each says what it leaves the window with. */
export const runUpdate = z.object({
  seq: count.describe('number of the last journal entry that is in it: where a stream goes on'),
  isReset: z.boolean().describe('what was known before is to be dropped'),
  isComplete: z.boolean().describe('false while more of what is known already follows'),
  head: runHead.optional(),
  space: searchSpaceSchema.optional().describe('once, as soon as it is known'),
  workers: runWorkers.optional(),
  jobs: z.array(jobRow).describe('new or changed'),
  notes: z
    .array(z.object({ seq: count, at: z.iso.datetime(), text: z.string(), level: z.enum(['info', 'error']) }))
    .describe('what happened besides jobs: pauses, resumes, components that failed'),
});
export type RunUpdate = z.output<typeof runUpdate>;

/** Curves of one job: from point number `from` on, in place of what was there. */
export const curvePart = z.object({
  job: z.string(),
  curve: z.enum(['loss', 'score', 'learningRate']),
  from: count,
  epochs: z.array(z.number()),
  values: z.array(z.number().nullable()),
});
export type CurvePart = z.output<typeof curvePart>;

/** A piece of a log. */
export const logPart = z.object({
  from: count.describe('bytes before it'),
  to: count,
  isReset: z.boolean().describe('true when it does not follow what was sent before'),
  text: z.string(),
});
export type LogPart = z.output<typeof logPart>;

/** A limit in seconds; null: none, whatever the config says. */
const limit = z.number().positive().nullable();

/** What a user decides before a run. */
export const runForm = z.object({
  mmar: mmarId,
  run: z.string().max(100).optional().describe('the next free run<n> when left out'),
  automlConf: runName.optional().describe('file in config/; config_automl.json when left out'),
  workers: z
    .string()
    .max(1000)
    .optional()
    .describe(
      '":" between workers, "," between the GPUs of one, cpu; as the config says, else 0, when left out',
    ),
  seed: z.int().nonnegative().max(0xffff_ffff).optional().describe('drawn when left out'),
  trust: z.boolean().default(false).describe("the MMAR's own code may run"),
  maxJobSeconds: limit.optional(),
  maxRunSeconds: limit.optional(),
});
export type RunForm = z.input<typeof runForm>;

/** Where an estimate comes from: the more it knows, the better. */
const estimate = z.object({
  value: z.number().nonnegative(),
  from: z.enum(['earlier-runs', 'measured-steps', 'files']),
  jobs: count.optional().describe('how many earlier jobs it is the mean of'),
});

/** What a run would do. Faults keep it from starting. */
export const runPlan = z.object({
  run: z.string().describe('its name, also when none was given'),
  automlConfs: z.array(z.string()).describe('files in config/ that a search can be run with'),
  controller: z.string().optional(),
  executor: z.string().optional(),
  parameters: count,
  jobs: z.object({
    planned: count
      .optional()
      .describe('as many as the controller means to try; none when it never ends by itself'),
    possible: count.nullable().describe('different jobs in the space; null when floats make it endless'),
  }),
  workers: z.array(z.object({ name: z.string(), devices: z.array(z.string()), threads: z.int().positive() })),
  gpus: z.array(z.object({ id: z.string(), name: z.string() })).describe('of this machine'),
  secondsPerJob: estimate.optional(),
  secondsInAll: z.number().nonnegative().optional(),
  bytesPerJob: estimate.optional(),
  bytesInAll: z.number().nonnegative().optional().describe('at most at one time'),
  jobsKept: count.optional().describe('folders of the best jobs that stay; all when left out'),
  freeBytes: z.number().nonnegative(),
  stopScore: z.number().optional().describe('a job with this score ends the run'),
  defaults: z
    .object({
      workers: z.string().optional(),
      maxJobSeconds: z.number().positive().optional(),
      maxRunSeconds: z.number().positive().optional(),
    })
    .describe('what config_automl says under `engine`: it holds where the form says nothing'),
  needsTrust: z.boolean().describe("the configs name the MMAR's own code"),
  faults: z.array(fault),
  warnings: z.array(fault),
});
export type RunPlan = z.output<typeof runPlan>;

const started = z.object({ run: runName, warnings: z.array(fault) });
const steered = z.object({ done: z.boolean().describe('false when there was nothing to do any more') });

/** Runs: start, watch, steer, go on. */
export const runsApi = {
  list: query(
    z.object({ mmar: mmarId }),
    z.object({ runs: z.array(runHead).describe('newest first'), broken: z.array(brokenRun) }),
  ),
  /** Runs that this program carries out now, of all MMARs. */
  active: query(z.object({}), z.array(runHead)),
  /** One item at once, and one whenever a run of this program begins, ends, or changes how it stands. */
  activity: stream(z.object({}), z.array(runHead)),
  plan: query(runForm, runPlan),
  /** Trains for some steps in a folder of its own, which is deleted, and says how long a job would take. */
  measure: command(runForm, z.object({ secondsPerJob: z.number().nonnegative() })),
  start: command(runForm, started),
  /** Goes on with a run that was interrupted or whose program died. */
  resume: command(runRef.extend({ workers: z.string().max(1000).optional() }), started),
  /** Moves a run that does not run to the trash, or deletes it where there is none and `forever` is true. */
  remove: command(runRef.extend({ forever: z.boolean().default(false) }), z.object({})),
  watch: stream(runRef.extend({ after: count.optional() }), runUpdate, {
    resume: (input, { seq, isComplete }) => (isComplete ? { ...input, after: seq } : input),
  }),
  /** A view of curves that may skip what a slow window could not show. */
  curves: stream(runRef.extend({ jobs: z.array(jobName).max(64) }), curvePart),
  log: stream(
    runRef.extend({
      job: jobName.optional().describe("the run's own trace when left out"),
      from: count.optional().describe('byte to begin with; the last 64 KiB when left out'),
    }),
    logPart,
    { resume: (input, { to }) => ({ ...input, from: to }) },
  ),
  machine: stream(z.object({}), machineUse),
  pause: command(runRef.extend({ worker: z.string().optional() }), steered),
  unpause: command(runRef.extend({ worker: z.string().optional() }), steered),
  abortJob: command(jobRef, steered),
  stop: command(runRef.extend({ when: stopTime, resumable: z.boolean().default(true) }), steered),
} as const;

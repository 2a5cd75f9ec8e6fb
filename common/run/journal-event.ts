import { z } from 'zod';
import type { Fault } from '../fault.ts';
import type { SearchSpace } from '../search-space/search-space.ts';
import { jobStatus, runStatus } from './job-status.ts';
import { jobProgress } from './progress.ts';
import { stopTime } from './run-controls.ts';

/** Version of the journal's format; the first event says it. */
export const JOURNAL_FORMAT = 1;

const searchValues = z.record(z.string(), z.number());

/** One point to try, as in main/controllers. */
export const journalRecommendation = z.object({ id: z.int().nonnegative(), values: searchValues });

/** The worker that a job runs on, and what it may use. */
export const workerLease = z.object({
  worker: z.string().describe('W1, W2, ...'),
  devices: z.array(z.string()).describe('GPU ids; empty for the CPU'),
  threads: z.int().positive(),
});
export type WorkerLease = z.output<typeof workerLease>;

/** What a run is made of. A resume compares it: a run goes on only with the same. */
export const runIdentity = z.object({
  runId: z.string(),
  seed: z.int().nonnegative(),
  numWorkers: z.int().positive().describe('as the controller was told; a resume may use other workers'),
  controller: z.string().describe('name or path'),
  executor: z.string(),
  handlers: z.array(z.string()),
  digests: z
    .record(z.string(), z.string())
    .describe('SHA-256 by what was read: config_train, config_automl, environment, custom'),
  trusted: z.boolean().describe("the MMAR's own code may run"),
});
export type RunIdentity = z.output<typeof runIdentity>;

/** What may differ from one start of a run to the next. */
export const runHost = z.object({
  versions: z.record(z.string(), z.string()).describe('of outerloop, node and the platform'),
  workers: z.string().describe('as given: 0:0:1,2'),
  devices: z
    .array(z.array(z.string()))
    .optional()
    .describe('the GPUs of W1, W2, ... as they are on this machine; none for the CPU'),
  pid: z.int(),
});
export type RunHost = z.output<typeof runHost>;

/** Every event of a run, in the order in which it happened. */
export const journalEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run_created'),
    format: z.literal(JOURNAL_FORMAT),
    identity: runIdentity,
    host: runHost,
    settings: z.record(z.string(), z.unknown()).describe('the --set values and limits'),
  }),
  z.object({ type: z.literal('search_space'), space: z.custom<SearchSpace>() }),
  z.object({
    type: z.literal('recommendations'),
    cause: z.string().describe("the ended job that the controller was told of, or 'initial'"),
    round: z.int().positive().optional().describe('the number of this batch; none when it is empty'),
    recommendations: z.array(journalRecommendation),
    jobsPlanned: z.int().optional(),
  }),
  z.object({
    type: z.literal('job_started'),
    job: z.string(),
    recommendationId: z.int(),
    lease: workerLease,
    resume: z.boolean().describe('run again, from its checkpoint where it has one'),
    concrete: z.record(z.string(), z.unknown()).describe("the values in the config's own terms"),
  }),
  z.object({ type: z.literal('job_progress'), job: z.string(), progress: jobProgress }),
  z.object({
    type: z.literal('job_interrupted'),
    job: z.string(),
    reason: z.string(),
    seconds: z.number().describe('of this attempt'),
  }),
  z.object({
    type: z.literal('job_ended'),
    job: z.string(),
    status: jobStatus,
    score: z.number().optional().describe('best value of the key metric; none when there is none'),
    reason: z.string().optional(),
    faults: z.array(z.custom<Fault>()).optional(),
    exitCode: z.int().nullable().optional(),
    seconds: z.number().describe('of this attempt'),
    adopted: z.boolean().optional().describe('its result was found finished in its folder'),
    bestEpoch: z.int().optional(),
    epochs: z.int().optional(),
  }),
  z.object({ type: z.literal('round_ended'), round: z.int(), jobs: z.array(z.string()) }),
  z.object({
    type: z.literal('component_failed'),
    component: z.string(),
    event: z.string(),
    job: z.string().optional(),
    message: z.string(),
  }),
  z.object({
    type: z.literal('stop_requested'),
    issuer: z.string(),
    reason: z.string(),
    resumable: z.boolean().describe('false: the run has what it wanted and is finished'),
    when: stopTime.optional().describe('now when left out; a later request may only be for an earlier time'),
  }),
  z.object({
    type: z.literal('paused'),
    worker: z.string().optional().describe('the worker that takes no new job; without one the whole run'),
  }),
  z.object({ type: z.literal('unpaused'), worker: z.string().optional() }),
  z.object({
    type: z.literal('abort_requested'),
    job: z.string(),
    reason: z.string(),
  }),
  z.object({
    type: z.literal('run_ended'),
    status: runStatus,
    reason: z.string(),
    bestJob: z.string().optional(),
    bestScore: z.number().optional(),
  }),
  z.object({
    type: z.literal('resumed'),
    host: runHost,
    cut: z.string().optional().describe('what was cut from the end of the journal after a crash'),
  }),
]);
export type JournalEvent = z.output<typeof journalEvent>;
export type JournalEventOf<Type extends JournalEvent['type']> = Extract<JournalEvent, { type: Type }>;

/** One line of `journal.jsonl`, without its checksum. */
export const journalEntry = z.object({
  seq: z.int().positive().describe('counts up from 1'),
  at: z.iso.datetime(),
  event: journalEvent,
});
export type JournalEntry = z.output<typeof journalEntry>;

import type { JobRecord } from '../../common/run/job-record.ts';
import type { Context } from './context.ts';

/** The events that handlers hear, in the order of a run. */
export const handlerEvents = [
  'startup',
  'restore',
  'start_automl',
  'search_space_available',
  'recommendations_available',
  'start_job',
  'end_job',
  'round_ended',
  'end_automl',
  'shutdown',
] as const;
export type HandlerEvent = (typeof handlerEvents)[number];

/**
 * Hears the events of a run. All methods are optional and may be asynchronous; calls to one handler never overlap,
 * and each event reaches the handlers in the configured order (shutdown: in reverse). What a handler throws is
 * reported and does not end the run.
 *
 * `end_job` follows whenever `start_job` was called. After a crash a job that was running gets both again, and a job
 * whose `end_job` may not have been heard gets it again: handlers that write elsewhere should know jobs by name.
 */
export interface Handler {
  /** The run begins or is resumed; nothing else has happened yet. */
  startup?(context: Context): void | Promise<void>;
  /** Only when a run is resumed: the jobs that have ended before. Follows `startup`. Not in Clara. */
  restore?(context: Context, ended: readonly JobRecord[]): void | Promise<void>;
  startAutoml?(context: Context): void | Promise<void>;
  /** `_searchSpace` is set. */
  searchSpaceAvailable?(context: Context): void | Promise<void>;
  /** `_recommendations` is set; called for batches that hold at least one. */
  recommendationsAvailable?(context: Context): void | Promise<void>;
  /** With the job's context: `_jobName`, `_recommendation`, `_concreteSearchValue`, `_gpus`, `_workerName`. */
  startJob?(context: Context): void | Promise<void>;
  /** As `startJob`, and `_jobStatus`, `_score`, `_jobReason`, `_processExitStatus`, `_jobRecord`. */
  endJob?(context: Context): void | Promise<void>;
  /** All jobs of one batch of recommendations have ended; `_round` is its number. */
  roundEnded?(context: Context): void | Promise<void>;
  endAutoml?(context: Context): void | Promise<void>;
  shutdown?(context: Context): void | Promise<void>;
}

/** Which method hears which event. */
export const handlerMethods = {
  startup: 'startup',
  restore: 'restore',
  start_automl: 'startAutoml',
  search_space_available: 'searchSpaceAvailable',
  recommendations_available: 'recommendationsAvailable',
  start_job: 'startJob',
  end_job: 'endJob',
  round_ended: 'roundEnded',
  end_automl: 'endAutoml',
  shutdown: 'shutdown',
} as const satisfies Record<HandlerEvent, keyof Handler>;

/** A handler and what it is called in messages: the name or the path from the config. */
export interface NamedHandler {
  readonly name: string;
  readonly handler: Handler;
}

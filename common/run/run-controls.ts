import { z } from 'zod';
import type { RunWorkers } from './worker-status.ts';

/**
 * When a run that is told to stop does so. `now`: its jobs are interrupted; `after-jobs`: the jobs that run come to their
 * end, no other starts; `after-round`: the batches of recommendations of which a job has started are finished first.
 */
export const stopTime = z.enum(['now', 'after-jobs', 'after-round']);
export type StopTime = z.output<typeof stopTime>;

/** How a run is stopped. */
export interface RunStop {
  /** `now` when left out. An earlier time may be asked for later, never a later one. */
  readonly when?: StopTime;
  /**
   * True, as when left out: a resume goes on with the run. False: the run is finished; what waits is given up, and what
   * is stopped `now` is aborted, not interrupted.
   */
  readonly resumable?: boolean;
  /** For the journal and the summary; that the user stopped it, when left out. */
  readonly reason?: string;
}

/**
 * What can be asked of a run while it goes on. Each request is journalled before it is acted on, in the order of asking.
 * After the run has ended all of them do nothing and answer false.
 */
export interface RunControls {
  /**
   * The worker, or without a name the whole run, takes no new job; jobs that run go on to their end. Lifted by
   * {@link unpause}, and by a resume of the run. False for an unknown worker.
   */
  pause(worker?: string): boolean;
  /** Lifts {@link pause}: of that worker, or, without a name, of the run (workers paused by name stay so). */
  unpause(worker?: string): boolean;
  /** Ends one job for good, with its score so far: an outcome `aborted`, and the run goes on. False when it does not run. */
  abortJob(job: string, reason?: string): boolean;
  /** {@link abortJob} for the job that a worker has. False when it has none. */
  abortWorker(worker: string, reason?: string): boolean;
  /** Ends the run. False when it has ended. */
  stop(how?: RunStop): boolean;
  /** How the workers stand now; every change is an observation `workers`. */
  workers(): RunWorkers;
}

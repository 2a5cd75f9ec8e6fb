import type { Fault } from '../../common/fault.ts';
import type { WorkerLease } from '../../common/run/journal-event.ts';
import type { JobStatus } from '../../common/run/job-status.ts';
import type { JobProgress } from '../../common/run/progress.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import type { Recommendation } from '../controllers/controller.ts';
import type { Context } from './context.ts';

/** One job to be run. */
export interface Job {
  /** `W1_2_J3`. */
  readonly name: string;
  readonly recommendation: Recommendation;
  readonly lease: WorkerLease;
  /**
   * True when the job was started before: its folder is there, holds a checkpoint perhaps, and perhaps even the
   * finished result, which is then to be adopted.
   */
  readonly resume: boolean;
  /** The job's own context, a child of the run's. */
  readonly context: Context;
  /** Says stop: the executor ends the job, keeps its checkpoint, and settles soon. */
  readonly signal: AbortSignal;
  /** Tells how far the job is; as often as it likes. */
  report(progress: JobProgress): void;
  /** A line of the job's output that should be seen while it runs. */
  log(level: 'info' | 'warning' | 'error', text: string): void;
}

/** What came of a job. */
export interface JobResult {
  readonly status: JobStatus;
  /** Best value of the key metric, larger is better; left out when there is none. */
  readonly score?: number;
  /** Why it did not complete. */
  readonly reason?: string;
  readonly faults?: readonly Fault[];
  readonly exitCode?: number | null;
  readonly bestEpoch?: number;
  readonly epochs?: number;
  /** The result was found finished in the job's folder; nothing was run. */
  readonly adopted?: boolean;
}

/**
 * Turns recommendations into trained models. Several jobs are executed at once; a failure of one is a result with a
 * status and a reason. What {@link execute} throws is taken for a failure of that job.
 */
export interface Executor {
  /** Called once, before everything else. */
  determineSearchSpace(context: Context): SearchSpace | Promise<SearchSpace>;
  execute(job: Job): Promise<JobResult>;
  shutdown?(context: Context): void | Promise<void>;
}

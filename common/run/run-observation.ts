import type { JobRecord } from './job-record.ts';
import type { RunStatus } from './job-status.ts';
import type { JournalEntry } from './journal-event.ts';
import type { JobProgress, RunProgress } from './progress.ts';
import type { RunWorkers } from './worker-status.ts';

/**
 * What somebody who watches a run is told, while it happens. `entry`: a journalled event, durable by then; the others
 * are not journalled, or not every time.
 */
export type RunObservation =
  | { readonly type: 'entry'; readonly entry: JournalEntry }
  /** A job started or ended; `record` is all that is known of it now. */
  | { readonly type: 'job'; readonly record: JobRecord }
  /** A job has come further: only what is new stands in `progress`; `worker` is its worker's name. */
  | {
      readonly type: 'job-progress';
      readonly job: string;
      readonly worker: string;
      readonly progress: JobProgress;
    }
  | { readonly type: 'run-progress'; readonly progress: RunProgress }
  /** A worker has become busy, idle or paused, or the run was paused or goes on. */
  | { readonly type: 'workers'; readonly workers: RunWorkers }
  | {
      readonly type: 'log';
      readonly job: string;
      readonly level: 'info' | 'warning' | 'error';
      readonly text: string;
    }
  | { readonly type: 'trace'; readonly issuer: string; readonly text: string };

/** What came of a run, or of the part of it since the last resume. */
export interface RunSummary {
  readonly runId: string;
  /** Absolute path of the run's folder. */
  readonly runFolder: string;
  readonly status: RunStatus;
  readonly reason: string;
  /** True when `--resume` can go on with it. */
  readonly resumable: boolean;
  readonly best?: { readonly job: string; readonly score: number };
  /** All jobs, best first; those without a score last. */
  readonly jobs: readonly JobRecord[];
  /** Wall-clock time of this start. */
  readonly seconds: number;
}

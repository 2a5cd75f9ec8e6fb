import type { JobRecord } from '../../common/run/job-record.ts';
import type { RunStatus } from '../../common/run/job-status.ts';
import type { JournalEventOf, RunHost, RunIdentity } from '../../common/run/journal-event.ts';
import type { RunProgress } from '../../common/run/progress.ts';
import type { RunWorkers } from '../../common/run/worker-status.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';

/** How a run stands: as it ended, `running`, or `killed`: it has not ended, and nobody works on it. */
export type RunCondition = RunStatus | 'running' | 'killed';

/** The process that works on a run. */
export interface RunOwner {
  readonly pid: number;
  /** Name of its computer. */
  readonly host: string;
  /** Undefined for a process of another computer, which cannot be asked from here. */
  readonly isAlive: boolean | undefined;
  /** It is this very process: then it has the run's controls. */
  readonly isThisProcess: boolean;
}

/** All that a run's folder says of how the run stands. */
export interface RunView {
  readonly runId: string;
  /** Absolute path. */
  readonly runFolder: string;
  readonly condition: RunCondition;
  /** Why it ended so; while it goes on with a stop asked for, why that is. */
  readonly reason?: string;
  /** A resume can go on with it. */
  readonly isResumable: boolean;
  /** A stop that was asked for and has not come. */
  readonly stop?: Omit<JournalEventOf<'stop_requested'>, 'type'>;
  /** Undefined when nobody works on it. */
  readonly owner?: RunOwner;
  /** These two are undefined for a run whose first event was never written. */
  readonly identity?: RunIdentity;
  readonly host?: RunHost;
  /** What it was started with, by the names of `--set`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly space?: SearchSpace;
  /** ISO 8601; undefined before the first event. */
  readonly createdAt?: string;
  /** Of the last event. */
  readonly changedAt?: string;
  readonly progress: RunProgress;
  readonly workers: RunWorkers;
  readonly best?: { readonly job: string; readonly score: number };
}

/** A run's view together with its jobs, in the order of starting. */
export interface WholeRun extends RunView {
  readonly jobs: readonly JobRecord[];
}

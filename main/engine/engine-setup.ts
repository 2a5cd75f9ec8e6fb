import type { Json } from '../../common/json.ts';
import type { RunStatus } from '../../common/run/job-status.ts';
import type { JournalEntry, RunHost, RunIdentity } from '../../common/run/journal-event.ts';
import type { RunObservation } from '../../common/run/run-observation.ts';
import type { JobRecord } from '../../common/run/job-record.ts';
import type { Controller } from '../controllers/controller.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import type { Executor } from './executor.ts';
import type { NamedHandler } from './handler.ts';

/** The engine's arguments, named and meant as Clara's; all in seconds. */
export interface EngineLimits {
  /** How often the progress of the run is told to observers; 1 when left out. Ends of jobs are noticed at once. */
  readonly jobPollInterval?: number;
  /** A job that takes longer ends with the status `timeout`; no limit when left out. */
  readonly maxJobRunTime?: number;
  /** The run is stopped after this time, counted from this start, and can be resumed; no limit when left out. */
  readonly maxSysRunTime?: number;
  /** How long an executor may take to end a job that it was told to stop; 120 when left out. */
  readonly settleTime?: number;
}

/** All that an engine works with. */
export interface EngineSetup {
  readonly identity: RunIdentity;
  readonly host: RunHost;
  /** For the journal only: how the run was configured. */
  readonly settings: Readonly<Record<string, Json>>;
  readonly controller: Controller;
  readonly executor: Executor;
  readonly handlers: readonly NamedHandler[];
  readonly scheduler: Scheduler;
  readonly journal: Journal;
  /** To resume: what the journal holds, and what had to be cut off its end. */
  readonly history?: { readonly entries: readonly JournalEntry[]; readonly cut?: string };
  readonly clock: Clock;
  readonly limits: EngineLimits;
  /** First properties of the context: where the run and its MMAR are. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly observe: (observation: RunObservation) => void;
  /** A line of the trace; `toConsole` when its writer wants it seen. */
  readonly trace: (issuer: string, message: string, toConsole: boolean) => void;
}

/** What came of a run. */
export interface RunEnd {
  readonly status: RunStatus;
  readonly reason: string;
  readonly best?: { readonly job: string; readonly score: number };
  readonly jobs: readonly JobRecord[];
}

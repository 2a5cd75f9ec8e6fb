import { contextKey } from '../../common/run/context-key.ts';
import type { JournalEventOf } from '../../common/run/journal-event.ts';
import { makeConcreteValues } from '../../common/search-space/make-concrete.ts';
import { Context } from './context.ts';
import type { ControllerDriver } from './controller-driver.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { HandlerChain } from './handler-chain.ts';
import type { ProgressLog } from './progress-log.ts';
import type { RunRecord } from './run-record.ts';
import type { StartedJob } from './run-state.ts';
import type { RunningJobs } from './running-jobs.ts';

/**
 * Who asks for the end of the run, and whether it may be gone on with. Resumable: the running jobs are interrupted and
 * run again on a resume; otherwise the run is finished.
 */
export type StopRequest = Omit<JournalEventOf<'stop_requested'>, 'type'>;

/** What the steps of the engine share. */
export interface EngineParts {
  readonly setup: EngineSetup;
  readonly record: RunRecord;
  /** The run's context; jobs have children of it. */
  readonly context: Context;
  readonly handlers: HandlerChain;
  readonly driver: ControllerDriver;
  readonly running: RunningJobs;
  readonly progressLog: ProgressLog;
  readonly requestStop: (request: StopRequest) => void;
}

/** A job's context, with what is known before it starts. */
export function makeJobContext({ context, record }: EngineParts, job: StartedJob): Context {
  const own = new Context(context);
  own.setProp(contextKey.jobName, job.name);
  own.setProp(contextKey.recommendation, job.recommendation);
  own.setProp(contextKey.gpus, job.lease.devices);
  own.setProp(contextKey.workerName, job.lease.worker);
  own.setProp(
    contextKey.concreteSearchValue,
    makeConcreteValues(record.state.space!, job.recommendation.values),
  );
  return own;
}

/** Writes a failure that the run survives into the journal and the trace. */
export function noteFailure(
  { record, setup }: Pick<EngineParts, 'record' | 'setup'>,
  failure: {
    readonly component: string;
    readonly event: string;
    readonly job?: string | undefined;
    readonly error: unknown;
  },
): void {
  const { component, event, job, error } = failure;
  const message = error instanceof Error ? error.message : String(error);
  record.note({ type: 'component_failed', component, event, message, ...(job === undefined ? {} : { job }) });
  setup.trace(component, `${event} failed${job === undefined ? '' : ` for ${job}`}: ${message}`, true);
}

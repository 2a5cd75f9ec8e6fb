import { contextKey } from '../../common/run/context-key.ts';
import type { RunStatus } from '../../common/run/job-status.ts';
import { noteFailure, type EngineParts } from './engine-parts.ts';
import type { RunEnd } from './engine-setup.ts';
import type { RunState } from './run-state.ts';
import { settleJobs } from './settle-jobs.ts';

/** Journals the end of a run that came to one, and shuts its components down. */
export async function endRun(parts: EngineParts): Promise<RunEnd> {
  const { status, reason } = judgeRun(parts.record.state);
  await closeRun(parts, status, reason);
  const { best } = parts.record.state;
  return { status, reason, jobs: parts.record.jobs.list(), ...(best === undefined ? {} : { best }) };
}

/**
 * Ends a run that cannot go on: stops the jobs, and writes down what can still be written. What the journal holds can
 * be resumed.
 */
export async function failRun(parts: EngineParts, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  await interruptJobs(parts, reason);
  await ignoreFailure(() => closeRun(parts, 'failed', reason));
}

async function interruptJobs(parts: EngineParts, reason: string): Promise<void> {
  const { running } = parts;
  running.abortAll({ status: 'interrupted', reason });
  while (!running.isEmpty()) {
    await running.ended();
    await ignoreFailure(() => settleJobs(parts, running.takeEnded()));
  }
}

function judgeRun({ stop, waiting, interrupted, jobsStarted }: RunState): {
  readonly status: RunStatus;
  readonly reason: string;
} {
  const isDone = waiting.length + interrupted.length === 0;
  if (stop !== undefined && !(stop.resumable && isDone))
    return { status: stop.resumable ? 'interrupted' : 'stopped', reason: stop.reason };
  const reason =
    jobsStarted === 0
      ? 'the controller recommended nothing to try'
      : 'the controller has nothing more to try';
  return { status: 'completed', reason };
}

async function closeRun(parts: EngineParts, status: RunStatus, reason: string): Promise<void> {
  const { record, handlers, context } = parts;
  const { best } = record.state;
  context.setProp(contextKey.runStatus, status);
  await record
    .append([
      {
        type: 'run_ended',
        status,
        reason,
        ...(best === undefined ? {} : { bestJob: best.job, bestScore: best.score }),
      },
    ])
    .finally(async () => {
      await handlers.fire('end_automl', context);
      await shutdownComponents(parts);
    });
}

async function shutdownComponents(parts: EngineParts): Promise<void> {
  const { setup, driver, context, handlers } = parts;
  const components = [
    { component: setup.identity.controller, shutdown: () => driver.shutdown() },
    { component: setup.identity.executor, shutdown: () => setup.executor.shutdown?.(context) },
  ];
  for (const { component, shutdown } of components) {
    try {
      await shutdown();
    } catch (error) {
      noteFailure(parts, { component, event: 'shutdown', error });
    }
  }
  await handlers.fire('shutdown', context);
}

/** The first failure is the one that is reported; these follow from it. */
async function ignoreFailure(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch {
    return;
  }
}

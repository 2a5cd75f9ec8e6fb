import { formatJobName } from '../../common/run/job-name.ts';
import type { JournalEventOf } from '../../common/run/journal-event.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import { makeConcreteValues } from '../../common/search-space/make-concrete.ts';
import { makeJobContext, type EngineParts } from './engine-parts.ts';
import { JobTask } from './job-task.ts';
import { keepFinite } from './progress-log.ts';
import { foldEvent, type RunState } from './run-state.ts';

const DEFAULT_SETTLE_SECONDS = 120;

/** Puts interrupted jobs and then waiting recommendations on the workers that are free. */
export async function startJobs(parts: EngineParts): Promise<void> {
  const events = planStarts(parts.record.state, parts.setup.scheduler);
  await parts.record.append(events);
  for (const event of events) startJob(parts, event);
}

/** The starts that the free workers allow. Takes the workers. */
export function planStarts(
  state: RunState,
  scheduler: Pick<Scheduler, 'take'>,
): readonly JournalEventOf<'job_started'>[] {
  const events: JournalEventOf<'job_started'>[] = [];
  for (let planned = state; ;) {
    const event = planStart(planned, scheduler);
    if (event === undefined) return events;
    events.push(event);
    planned = foldEvent(planned, event);
  }
}

function planStart(
  state: RunState,
  scheduler: Pick<Scheduler, 'take'>,
): JournalEventOf<'job_started'> | undefined {
  if (!mayStart(state)) return undefined;
  const again = state.interrupted[0];
  const next = again ?? state.waiting[0];
  const lease = next === undefined ? undefined : scheduler.take(again?.lease.worker);
  if (next === undefined || lease === undefined) return undefined;
  const { recommendation } = next;
  return {
    type: 'job_started',
    job: again?.name ?? nameJob(state, lease.worker),
    recommendationId: recommendation.id,
    lease,
    resume: again !== undefined,
    concrete: { ...makeConcreteValues(state.space!, recommendation.values) },
  };
}

/** A run that is to stop after its round still starts the jobs of the batches that have begun. */
function mayStart({ isPaused, stop, interrupted, waiting, rounds }: RunState): boolean {
  if (isPaused || (stop !== undefined && stop.when !== 'after-round')) return false;
  if (stop === undefined || interrupted.length > 0) return true;
  const next = waiting[0];
  return next !== undefined && rounds.get(next.round)!.jobs.length > 0;
}

/** @param worker W1, W2, ... */
function nameJob(state: RunState, worker: string): string {
  return formatJobName({
    worker: Number(worker.slice(1)),
    workerJob: (state.jobsOfWorker[worker] ?? 0) + 1,
    number: state.jobsStarted + 1,
  });
}

function startJob(parts: EngineParts, { job: name, resume }: JournalEventOf<'job_started'>): void {
  const { setup, record, running, handlers, progressLog } = parts;
  const job = record.state.running.find((candidate) => candidate.name === name)!;
  const { clock, limits, executor } = setup;
  const task = new JobTask(job, makeJobContext(parts, job), {
    executor,
    handlers,
    clock,
    maxJobRunTimeSeconds: limits.maxJobRunTime,
    settleTimeMs: (limits.settleTime ?? DEFAULT_SETTLE_SECONDS) * 1000,
    report: (_, reported) => {
      const progress = keepFinite(reported);
      running.addProgress(name, progress);
      progressLog.add(name, progress, clock.now());
      setup.observe({ type: 'job-progress', job: name, worker: job.lease.worker, progress });
    },
    log: (_, level, text) => setup.observe({ type: 'log', job: name, level, text }),
  });
  running.start(task, resume);
}

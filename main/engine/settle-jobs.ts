import { NO_SCORE } from '../../common/mmar/train-stats.ts';
import { contextKey } from '../../common/run/context-key.ts';
import type { JournalEvent, JournalEventOf } from '../../common/run/journal-event.ts';
import { Context } from './context.ts';
import { makeJobContext, type EngineParts } from './engine-parts.ts';
import { describeEnd, type JobEnd } from './job-task.ts';
import { findEndedRounds, foldEvent, type EndedJob, type RunState } from './run-state.ts';
import type { EndedTask } from './running-jobs.ts';

/**
 * Journals the ends of jobs, frees their workers, and fires `end_job`: also when the journal cannot be written, since
 * `start_job` was fired.
 */
export async function settleJobs(parts: EngineParts, ended: readonly EndedTask[]): Promise<void> {
  const { record, setup, progressLog } = parts;
  for (const { task } of ended) progressLog.end(task.job.name);
  try {
    await record.append(ended.map(({ task, end }) => describeEndEvent(task.job.name, end)));
  } finally {
    for (const { task, end } of ended) {
      setup.scheduler.release(task.job.lease.worker);
      describeEnd(task.context, end, NO_SCORE);
      await fireEndJob(parts, task.context, task.job.name);
    }
  }
}

/**
 * Ends interrupted jobs for good: those that somebody had aborted when the run was killed, and, with a reason, all that
 * a run leaves behind that is finished.
 */
export async function endInterrupted(parts: EngineParts, reason?: string): Promise<void> {
  const ends = parts.record.state.interrupted.flatMap((job) => {
    const why = job.abort ?? reason;
    return why === undefined ? [] : [{ job, end: abortedEnd(why) }];
  });
  await parts.record.append(ends.map(({ job, end }) => describeEndEvent(job.name, end)));
  for (const { job, end } of ends) {
    const context = makeJobContext(parts, job);
    describeEnd(context, end, NO_SCORE);
    await fireEndJob(parts, context, job.name);
  }
}

function abortedEnd(reason: string): JobEnd {
  return { kind: 'ended', result: { status: 'aborted', reason }, seconds: 0 };
}

/** Fires `end_job` again for a job whose handlers may not have heard it before the run was killed. */
export async function repeatEndJob(parts: EngineParts, { name, outcome }: EndedJob): Promise<void> {
  const context = new Context(parts.context);
  const record = parts.record.jobs.get(name)!;
  context.setProp(contextKey.jobName, name);
  context.setProp(contextKey.recommendation, { id: outcome.recommendationId, values: record.values });
  context.setProp(contextKey.concreteSearchValue, record.concrete);
  context.setProp(contextKey.gpus, record.devices);
  context.setProp(contextKey.workerName, record.worker);
  context.setProp(contextKey.jobStatus, outcome.status);
  context.setProp(contextKey.score, outcome.score ?? NO_SCORE);
  context.setProp(contextKey.jobReason, record.reason);
  await fireEndJob(parts, context, name);
}

/**
 * Tells the controller of the jobs that have ended, in the order of ending, and journals its answers, together with the
 * batches that are over now.
 */
export async function answerOutcomes(parts: EngineParts): Promise<void> {
  const { record, driver } = parts;
  const answers: JournalEventOf<'recommendations'>[] = [];
  let state: RunState = record.state;
  for (const ended of record.state.unanswered) {
    const answer = await driver.ask(ended, state);
    answers.push(answer);
    state = foldEvent(state, answer);
  }
  const rounds = findEndedRounds(state);
  const events: JournalEvent[] = [
    ...answers,
    ...rounds.map((round) => ({ type: 'round_ended' as const, ...round, jobs: [...round.jobs] })),
  ];
  await record.append(events);
  await announceRecommendations(parts, answers);
  for (const { round } of rounds) await fireRoundEnded(parts, round);
}

/** Fires `recommendations_available` for every batch that holds something, and hears whether that is the end. */
export async function announceRecommendations(
  { context, handlers, driver, setup, requestStop }: EngineParts,
  answers: readonly JournalEventOf<'recommendations'>[],
): Promise<void> {
  for (const { recommendations } of answers) {
    if (recommendations.length === 0) continue;
    context.setProp(contextKey.recommendations, recommendations);
    await handlers.fire('recommendations_available', context);
  }
  const reason = driver.stopReason();
  if (reason !== undefined) requestStop({ issuer: setup.identity.controller, reason, resumable: false });
}

async function fireEndJob({ record, handlers }: EngineParts, context: Context, job: string): Promise<void> {
  context.setProp(contextKey.jobRecord, record.jobs.get(job));
  await handlers.fire('end_job', context);
}

async function fireRoundEnded({ context, handlers }: EngineParts, round: number): Promise<void> {
  const own = new Context(context);
  own.setProp(contextKey.round, round);
  await handlers.fire('round_ended', own);
}

function describeEndEvent(job: string, end: JobEnd): JournalEvent {
  if (end.kind === 'interrupted')
    return { type: 'job_interrupted', job, reason: end.reason, seconds: end.seconds };
  const { faults, ...result } = end.result;
  return {
    type: 'job_ended',
    job,
    ...result,
    ...(faults === undefined ? {} : { faults: [...faults] }),
    seconds: end.seconds,
  };
}

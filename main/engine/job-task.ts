import { FaultError } from '../../common/fault.ts';
import { contextKey } from '../../common/run/context-key.ts';
import type { JobStatus } from '../../common/run/job-status.ts';
import type { JobProgress } from '../../common/run/progress.ts';
import type { Clock } from '../ports/clock.ts';
import type { Context } from './context.ts';
import type { Executor, Job, JobResult } from './executor.ts';
import type { HandlerChain } from './handler-chain.ts';
import type { StartedJob } from './run-state.ts';

/** Why a job is told to stop. `interrupted`: the run stops and may be resumed, so the job is not over. */
export interface AbortCause {
  readonly status: 'interrupted' | 'aborted' | 'timeout';
  readonly reason: string;
}

/** How a started job ended, or that it was interrupted. */
export type JobEnd =
  | { readonly kind: 'ended'; readonly result: JobResult; readonly seconds: number }
  | { readonly kind: 'interrupted'; readonly reason: string; readonly seconds: number };

/** What a job needs from the engine. */
export interface JobTaskSetup {
  readonly executor: Executor;
  readonly handlers: HandlerChain;
  readonly clock: Clock;
  readonly maxJobRunTimeSeconds: number | undefined;
  /** How long an executor may take to settle after it was told to stop, before the engine goes on without it. */
  readonly settleTimeMs: number;
  readonly report: (job: string, progress: JobProgress) => void;
  readonly log: (job: string, level: 'info' | 'warning' | 'error', text: string) => void;
}

/** One job while it runs: `start_job`, the executor, its time limit. */
export class JobTask {
  readonly job: StartedJob;
  readonly context: Context;
  readonly startedAt: number;
  readonly #setup: JobTaskSetup;
  readonly #controller = new AbortController();
  #cause: AbortCause | undefined;
  #giveUp: (result: JobResult) => void = () => undefined;

  constructor(job: StartedJob, context: Context, setup: JobTaskSetup) {
    this.job = job;
    this.context = context;
    this.#setup = setup;
    this.startedAt = setup.clock.now();
  }

  /** Runs the job to its end; never rejects. */
  async run(resume: boolean): Promise<JobEnd> {
    await this.#setup.handlers.fire('start_job', this.context);
    const limit = this.#setup.maxJobRunTimeSeconds;
    const endLimit =
      limit === undefined
        ? () => undefined
        : this.#setup.clock.after(limit * 1000, () =>
            this.abort({
              status: 'timeout',
              reason: `it ran longer than max_job_run_time, ${limit} seconds`,
            }),
          );
    const result = await this.#execute(resume);
    endLimit();
    const seconds = Math.max(0, this.#setup.clock.now() - this.startedAt) / 1000;
    return this.#judge(result, seconds);
  }

  /** Tells the executor to stop the job. The first cause counts. */
  abort(cause: AbortCause): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.#controller.abort(cause.reason);
    const { clock, settleTimeMs } = this.#setup;
    clock.after(settleTimeMs, () => {
      const message = `${cause.reason}; it did not stop within ${settleTimeMs / 1000} seconds and was left behind`;
      this.#giveUp({ status: 'failed', reason: message });
    });
  }

  async #execute(resume: boolean): Promise<JobResult> {
    if (this.#cause !== undefined) return { status: 'aborted' };
    const givenUp = new Promise<JobResult>((resolve) => {
      this.#giveUp = resolve;
    });
    try {
      return await Promise.race([this.#setup.executor.execute(this.#makeJob(resume)), givenUp]);
    } catch (error) {
      return describeFailure(error);
    }
  }

  #makeJob(resume: boolean): Job {
    const { name, recommendation, lease } = this.job;
    return {
      name,
      recommendation,
      lease,
      resume,
      context: this.context,
      signal: this.#controller.signal,
      report: (progress) => this.#setup.report(name, progress),
      log: (level, text) => this.#setup.log(name, level, text),
    };
  }

  /** What was asked of the job explains how it ended, unless it had come to an end of its own. */
  #judge(result: JobResult, seconds: number): JobEnd {
    const cause = this.#cause;
    const ownEnd = result.status === 'completed' || result.status === 'diverged';
    if (cause === undefined || ownEnd) return { kind: 'ended', result: checkScore(result), seconds };
    const reason = result.status === 'failed' ? (result.reason ?? cause.reason) : cause.reason;
    if (cause.status === 'interrupted') return { kind: 'interrupted', reason, seconds };
    return { kind: 'ended', result: { ...checkScore(result), status: cause.status, reason }, seconds };
  }
}

/** A score that is no number is no score, and a training that ends in one has diverged. */
function checkScore(result: JobResult): JobResult {
  if (result.score === undefined || Number.isFinite(result.score)) return result;
  const { score, ...rest } = result;
  return { ...rest, status: 'diverged', reason: rest.reason ?? `the score is ${score}` };
}

function describeFailure(error: unknown): JobResult {
  const status: JobStatus = 'failed';
  if (error instanceof FaultError) return { status, reason: error.message, faults: error.faults };
  return { status, reason: error instanceof Error ? error.message : String(error) };
}

/** Sets what Clara's handlers expect to find about a job that ended. */
export function describeEnd(context: Context, end: JobEnd, noScore: number): void {
  const result: Partial<JobResult> = end.kind === 'ended' ? end.result : {};
  context.setProp(contextKey.jobStatus, end.kind === 'ended' ? end.result.status : 'interrupted');
  context.setProp(contextKey.score, result.score ?? noScore);
  context.setProp(contextKey.jobReason, end.kind === 'ended' ? end.result.reason : end.reason);
  context.setProp(contextKey.processExitStatus, result.exitCode ?? undefined);
}

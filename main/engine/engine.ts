import { contextKey } from '../../common/run/context-key.ts';
import { beginRun } from './begin-run.ts';
import { Context } from './context.ts';
import { ControllerDriver } from './controller-driver.ts';
import { endRun, failRun } from './end-run.ts';
import { noteFailure, type EngineParts, type StopRequest } from './engine-parts.ts';
import type { EngineSetup, RunEnd } from './engine-setup.ts';
import { HandlerChain } from './handler-chain.ts';
import { ProgressLog } from './progress-log.ts';
import { describeRunProgress } from './run-progress.ts';
import { RunRecord } from './run-record.ts';
import { RunningJobs } from './running-jobs.ts';
import { answerOutcomes, endInterrupted, settleJobs } from './settle-jobs.ts';
import { startJobs } from './start-jobs.ts';

const PROGRESS_INTERVAL_MS = 2000;
const DEFAULT_POLL_SECONDS = 1;

/**
 * The outer loop: asks the controller what to try, lets the executor try it on the scheduler's workers, tells the
 * controller what came of it, and fires the handlers' events.
 *
 * Whatever happens is journalled before it is acted on, and all decisions are taken in one loop, so the state is a fold
 * over the journal: an engine that is given a journal's history goes on where the last one was, wherever that was
 * killed. Jobs run side by side; only their starts and ends go through the loop.
 */
export class Engine {
  readonly #parts: EngineParts;
  readonly #startedAt: number;
  #stopRequest: StopRequest | undefined;
  #news: Promise<void>;
  #announceNews: () => void = () => undefined;

  constructor(setup: EngineSetup) {
    this.#startedAt = setup.clock.now();
    this.#news = this.#expectNews();
    this.#parts = this.#makeParts(setup);
  }

  /**
   * Runs until the controller has nothing more to try, or until somebody stops it. To be called once.
   *
   * @throws FaultError when the run cannot go on: the journal cannot be written, the controller fails, or the run to
   *   resume is not the same. What was journalled before can be resumed.
   */
  async run(): Promise<RunEnd> {
    const endTicks = this.#tick();
    const endLimit = this.#limitRunTime();
    try {
      await beginRun(this.#parts);
      await this.#loop();
      return await endRun(this.#parts);
    } catch (error) {
      await failRun(this.#parts, error);
      throw error;
    } finally {
      endTicks();
      endLimit();
    }
  }

  /** Asks for the end of the run; the first request counts. */
  stop(request: StopRequest): void {
    this.#stopRequest ??= request;
    this.#announceNews();
  }

  /** Aborts the job of a worker, for good; the run goes on. False when the worker has no job. */
  abortWorker(worker: string, reason: string): boolean {
    return this.#parts.running.abortWorker(worker, { status: 'aborted', reason });
  }

  /** The worker gets no further jobs; a running one goes on. False for an unknown worker. */
  suspendWorker(worker: string): boolean {
    return this.#parts.setup.scheduler.suspend(worker);
  }

  /** Lifts {@link suspendWorker}. */
  resumeWorker(worker: string): boolean {
    const known = this.#parts.setup.scheduler.resume(worker);
    this.#announceNews();
    return known;
  }

  async #loop(): Promise<void> {
    const { running } = this.#parts;
    for (;;) {
      const news = this.#news;
      await this.#takeStop();
      const ended = running.takeEnded();
      if (ended.length > 0) {
        await settleJobs(this.#parts, ended);
        await answerOutcomes(this.#parts);
      }
      if (this.#stopRequest === undefined && this.#parts.record.state.stop === undefined)
        await startJobs(this.#parts);
      this.#observeProgress();
      if (this.#isOver()) return;
      await news;
    }
  }

  #isOver(): boolean {
    const { running, record } = this.#parts;
    const { stop, waiting, interrupted } = record.state;
    if (!running.isEmpty()) return false;
    if (stop !== undefined) return true;
    return this.#stopRequest === undefined && waiting.length + interrupted.length === 0;
  }

  /** Journals a stop that was asked for, and aborts what runs. */
  async #takeStop(): Promise<void> {
    const { record, running } = this.#parts;
    if (this.#stopRequest !== undefined && record.state.stop === undefined)
      await record.append([{ type: 'stop_requested', ...this.#stopRequest }]);
    const { stop } = record.state;
    if (stop === undefined) return;
    running.abortAll({ status: stop.resumable ? 'interrupted' : 'aborted', reason: stop.reason });
    if (!stop.resumable) await endInterrupted(this.#parts, stop.reason);
  }

  #expectNews(): Promise<void> {
    return new Promise((resolve) => {
      this.#announceNews = () => {
        this.#news = this.#expectNews();
        resolve();
      };
    });
  }

  #limitRunTime(): () => void {
    const { clock, limits } = this.#parts.setup;
    const { maxSysRunTime } = limits;
    if (maxSysRunTime === undefined) return () => undefined;
    return clock.after(maxSysRunTime * 1000, () =>
      this.stop({
        issuer: 'engine',
        reason: `it took longer than max_sys_run_time, ${maxSysRunTime} seconds`,
        resumable: true,
      }),
    );
  }

  #tick(): () => void {
    const { clock, limits } = this.#parts.setup;
    const delayMs = (limits.jobPollInterval ?? DEFAULT_POLL_SECONDS) * 1000;
    let cancel = (): void => undefined;
    const next = (): void => {
      cancel = clock.after(delayMs, () => {
        this.#observeProgress();
        next();
      });
    };
    next();
    return () => cancel();
  }

  #observeProgress(): void {
    const { setup, record, running } = this.#parts;
    const now = setup.clock.now();
    const elapsed = (now - this.#startedAt) / 1000;
    const numWorkers = setup.scheduler.list().length;
    const progress = describeRunProgress(record.state, running.times(now), numWorkers, elapsed);
    setup.observe({ type: 'run-progress', progress });
  }

  #makeParts(setup: EngineSetup): EngineParts {
    const record = new RunRecord(setup.journal, setup.history?.entries ?? [], setup.observe);
    const note = (component: string, event: string, error: unknown, job?: string): void =>
      noteFailure({ record, setup }, { component, event, job, error });
    return {
      setup,
      record,
      context: new Context({
        stopAsked: (issuer, reason) => this.stop({ issuer, reason, resumable: false }),
        traced: setup.trace,
        failed: (issuer, message) => note(issuer, 'exception_occurred', message),
      }),
      handlers: new HandlerChain(setup.handlers, (handler, event, context, error) =>
        note(handler, event, error, context.getProp<string>(contextKey.jobName)),
      ),
      driver: new ControllerDriver(setup.controller, setup.identity.controller),
      running: new RunningJobs(() => this.#announceNews()),
      progressLog: new ProgressLog(PROGRESS_INTERVAL_MS, (job, progress) =>
        record.note({ type: 'job_progress', job, progress }),
      ),
      requestStop: (request) => this.stop(request),
    };
  }
}

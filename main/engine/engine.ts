import { contextKey } from '../../common/run/context-key.ts';
import type { RunControls } from '../../common/run/run-controls.ts';
import { beginRun } from './begin-run.ts';
import { Context } from './context.ts';
import { ControllerDriver } from './controller-driver.ts';
import { carryOutRequests, ControlRequests } from './control-requests.ts';
import { endRun, failRun } from './end-run.ts';
import { EngineControls } from './engine-controls.ts';
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
  readonly #requests = new ControlRequests(() => this.#announceNews());
  /** What its user may ask of it while it runs. */
  readonly controls: RunControls;
  #observedWorkers = '';
  #news: Promise<void>;
  #announceNews: () => void = () => undefined;

  constructor(setup: EngineSetup) {
    this.#startedAt = setup.clock.now();
    this.#news = this.#expectNews();
    this.#parts = this.#makeParts(setup);
    this.controls = new EngineControls(this.#parts, this.#requests);
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
      this.#requests.close();
      return await endRun(this.#parts);
    } catch (error) {
      await failRun(this.#parts, error);
      throw error;
    } finally {
      this.#requests.close();
      endTicks();
      endLimit();
    }
  }

  /** Asks for the end of the run; a later request counts only when it is for an earlier time. */
  stop(request: StopRequest): void {
    this.#requests.add({ type: 'stop_requested', ...request });
  }

  async #loop(): Promise<void> {
    const { running } = this.#parts;
    for (;;) {
      const news = this.#news;
      await carryOutRequests(this.#parts, this.#requests.take());
      await this.#obeyStop();
      const ended = running.takeEnded();
      if (ended.length > 0) {
        await settleJobs(this.#parts, ended);
        await answerOutcomes(this.#parts);
      }
      if (this.#requests.isEmpty) await startJobs(this.#parts);
      this.#observeProgress();
      if (this.#isOver()) return this.#obeyEnd();
      await news;
    }
  }

  /** After {@link startJobs}: what could be started runs. */
  #isOver(): boolean {
    const { running, record } = this.#parts;
    const { stop, waiting, interrupted } = record.state;
    if (!running.isEmpty() || !this.#requests.isEmpty) return false;
    return stop !== undefined || waiting.length + interrupted.length === 0;
  }

  /** Aborts what runs when the run is to stop now. */
  async #obeyStop(): Promise<void> {
    const { stop } = this.#parts.record.state;
    if (stop === undefined || (stop.when ?? 'now') !== 'now') return;
    const status = stop.resumable ? 'interrupted' : 'aborted';
    this.#parts.running.abortAll({ status, reason: stop.reason });
    await this.#obeyEnd();
  }

  /** A run that is finished leaves no job to be gone on with. */
  async #obeyEnd(): Promise<void> {
    const { stop } = this.#parts.record.state;
    if (stop?.resumable === false) await endInterrupted(this.#parts, stop.reason);
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
    this.#observeWorkers();
  }

  #observeWorkers(): void {
    const workers = this.controls.workers();
    const text = JSON.stringify(workers);
    if (text === this.#observedWorkers) return;
    this.#observedWorkers = text;
    this.#parts.setup.observe({ type: 'workers', workers });
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

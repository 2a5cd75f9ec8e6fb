import type { MlflowHandlerArgs } from '../../../common/components/automl.ts';
import type { Context } from '../../engine/context.ts';
import type { Handler } from '../../engine/handler.ts';
import type { OpenedProjection } from '../../mlflow/project-run/open-projection.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SystemFigure, SystemProbe } from '../../ports/system-probe.ts';

export interface MlflowHandlerSetup {
  readonly args: Pick<MlflowHandlerArgs, 'flush_interval' | 'log_system_metrics' | 'system_metrics_interval'>;
  readonly clock: Clock;
  readonly system: SystemProbe;
  /** Opens the store. @throws FaultError that names the store's file */
  readonly open: () => Promise<OpenedProjection>;
}

/** How long the end of a job or of the run waits for the store; what is not there then follows, or is imported later. */
const PATIENCE_MS = 10_000;
/** A store that cannot be written is tried again after the flush interval times this, at first. */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE_MS = 60_000;
const ISSUER = 'MLflowHandler';

/**
 * Shows the run in MLflow while it goes on: an experiment, a run for the search, a nested one for each job. It follows the
 * run's journal, so that it may fall behind or fail without a loss: what is missing is caught up with when the store is back,
 * or by `outerloop mlflow sync`. A job never waits for it longer than ten seconds.
 */
export class MlflowHandler implements Handler {
  readonly #setup: MlflowHandlerSetup;
  #opened: OpenedProjection | undefined;
  #pulling: Promise<void> | undefined;
  #failures = 0;
  #retryAt = -Infinity;
  #lastSaid = '';
  #sampledAt = -Infinity;
  #samples = 0;
  /** What was counted before a run began, by run and figure. */
  readonly #countsBefore = new Map<string, number>();
  #cancelTimer: () => void = () => undefined;
  #isOver = false;

  constructor(setup: MlflowHandlerSetup) {
    this.#setup = setup;
  }

  async startup(context: Context): Promise<void> {
    this.#follow(context);
    await this.#pullNow(context);
  }

  async startJob(context: Context): Promise<void> {
    await this.#pullNow(context);
  }

  /** Comes before the handler that deletes the folders of jobs: their files are kept by then. */
  async endJob(context: Context): Promise<void> {
    await this.#pullNow(context);
  }

  async endAutoml(context: Context): Promise<void> {
    this.#retryAt = -Infinity;
    await this.#pullNow(context);
  }

  async shutdown(context: Context): Promise<void> {
    this.#isOver = true;
    this.#cancelTimer();
    await this.#limit(this.#pulling ?? Promise.resolve());
    if (this.#failures > 0)
      context.trace(
        ISSUER,
        'MLflow does not have all of this run: "outerloop mlflow sync" catches up from the journal',
        true,
      );
    this.#opened?.close();
    this.#opened = undefined;
  }

  #follow(context: Context): void {
    const { clock, args } = this.#setup;
    this.#cancelTimer = clock.after(args.flush_interval * 1000, () => {
      if (this.#isOver) return;
      void this.#pull(context).finally(() => {
        if (!this.#isOver) this.#follow(context);
      });
    });
  }

  /** Pulls what is there at this moment, behind a pull that has begun before. */
  async #pullNow(context: Context): Promise<void> {
    const before = this.#pulling ?? Promise.resolve();
    await this.#limit(before.then(() => this.#pull(context)));
  }

  #pull(context: Context): Promise<void> {
    this.#pulling ??= this.#attempt(context).finally(() => {
      this.#pulling = undefined;
    });
    return this.#pulling;
  }

  async #attempt(context: Context): Promise<void> {
    const { clock, args, open } = this.#setup;
    if (clock.now() < this.#retryAt) return;
    try {
      this.#opened ??= await open();
      const hasEnded = await this.#opened.projection.pull();
      await this.#measure();
      if (hasEnded) await this.#opened.finish();
      this.#failures = 0;
    } catch (error) {
      this.#failures++;
      const pauseMs = args.flush_interval * 1000 * FIRST_PAUSE ** this.#failures;
      this.#retryAt = clock.now() + Math.min(LONGEST_PAUSE_MS, pauseMs);
      this.#opened?.close();
      this.#opened = undefined;
      this.#say(context, error);
    }
  }

  /** The same trouble is said once. */
  #say(context: Context, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#lastSaid || this.#isOver) return;
    this.#lastSaid = message;
    context.exceptionOccurred(ISSUER, `the run goes on without MLflow for now: ${message}`);
  }

  async #measure(): Promise<void> {
    const { clock, args, system } = this.#setup;
    const now = clock.now();
    if (!args.log_system_metrics || now - this.#sampledAt < args.system_metrics_interval * 1000) return;
    this.#sampledAt = now;
    const figures = await system.measure();
    const step = this.#samples++;
    for (const { runId, devices } of this.#opened?.projection.running ?? []) {
      const own = figures.filter(
        ({ gpu }) => gpu === undefined || devices === undefined || devices.includes(gpu),
      );
      this.#opened!.tell(
        runId,
        own.map((of) => ({ key: of.name, value: this.#countFor(runId, of), step, timestamp: now })),
      );
    }
  }

  /** Counts begin with the run, as MLflow's do. */
  #countFor(runId: string, { name, value, isCount }: SystemFigure): number {
    if (isCount !== true) return value;
    const key = `${runId} ${name}`;
    const before = this.#countsBefore.get(key) ?? value;
    this.#countsBefore.set(key, before);
    return value - before;
  }

  async #limit(work: Promise<void>): Promise<void> {
    let cancel = (): void => undefined;
    const limit = new Promise<void>((resolve) => {
      cancel = this.#setup.clock.after(PATIENCE_MS, resolve);
    });
    await Promise.race([work, limit]);
    cancel();
  }
}

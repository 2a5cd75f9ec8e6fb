import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MmarId } from '../../common/api/ids.ts';
import type { RunForm, RunHead } from '../../common/api/runs.ts';
import { FaultError, unwrap } from '../../common/fault.ts';
import { parseSetArguments } from '../../common/mmar/set-arguments.ts';
import type { RunControls, StopTime } from '../../common/run/run-controls.ts';
import type { RunObservation, RunSummary } from '../../common/run/run-observation.ts';
import { findWorkFolder } from '../automl/find-runs.ts';
import { startAutoml, type StartedRun } from '../automl/run-automl.ts';
import type { TrackingChoice } from '../automl/tracked-run.ts';
import type { RunPorts } from '../automl/run-request.ts';
import { stopRun } from '../automl/watch-run.ts';
import type { TrustedCode } from '../mmar/trust/trust-store.ts';
import { withFileFaults } from '../node/file-fault.ts';
import type { Desktop } from '../ports/desktop.ts';
import { describeEnd } from './describe-end.ts';
import { RunFeed } from './run-feed.ts';
import type { RunPlace } from './run-picture.ts';

export interface RunDeskParts {
  /** Absolute path of an MMAR. Throws a FaultError for one that is not known. */
  readonly folderOf: (mmar: MmarId) => string;
  readonly desktop: Pick<Desktop, 'abilities' | 'notify' | 'keepAwake' | 'trash'>;
  readonly ports: RunPorts;
  /** The code that a folder has now, when the user trusts exactly that. */
  readonly trustedCode: (mmarRoot: string) => Promise<TrustedCode | undefined>;
  /** Folders outside an MMAR that the user lets its configs write into; none when left out. */
  readonly writePlaces?: (mmarRoot: string) => Promise<readonly string[]>;
  /** The tracking store that runs are shown in; as `outerloop automl` does it. */
  readonly tracking?: TrackingChoice;
}

/** A run that this program carries out. */
interface OwnRun {
  readonly place: RunPlace;
  readonly controls: RunControls;
  readonly end: Promise<unknown>;
}

/**
 * Keeps the runs of this program: they go on while no window is open, and stop so that they can be resumed when the
 * program ends. Runs of other programs can be followed, and asked to stop.
 */
export class RunDesk {
  readonly #parts: RunDeskParts;
  /** By the absolute path of the run's folder. */
  readonly #own = new Map<string, OwnRun>();
  readonly #feeds = new Map<string, RunFeed>();
  readonly #activityListeners = new Set<() => void>();

  constructor(parts: RunDeskParts) {
    this.#parts = parts;
  }

  /** Starts a run. Settles when its first job can start. @throws FaultError for everything that keeps it from starting */
  async start(form: RunForm): Promise<StartedRun> {
    return this.#carryOut(form.mmar as MmarId, {
      words: [
        ...(form.run === undefined ? [] : [`run_id=${form.run}`]),
        ...(form.workers === undefined ? [] : [`workers=${form.workers}`]),
        ...limitWords('max_job_run_time', form.maxJobSeconds),
        ...limitWords('max_sys_run_time', form.maxRunSeconds),
      ],
      resume: false,
      trust: await this.trustedCode(form),
      ...(form.automlConf === undefined ? {} : { automlConf: form.automlConf }),
      ...(form.seed === undefined ? {} : { seed: form.seed }),
    });
  }

  /** Goes on with a run that was interrupted or killed. @param workers as it was started with when left out */
  async resume({ mmar, run }: RunPlace, workers?: string): Promise<StartedRun> {
    const words = [`run_id=${run}`, ...(workers === undefined ? [] : [`workers=${workers}`])];
    return this.#carryOut(mmar, {
      words,
      resume: true,
      trust: await this.trustedCode({ mmar, trust: true }),
    });
  }

  /** Digest of the code of the MMAR's own that a form may run: the window's word alone, which may be an old one, is not enough. */
  async trustedCode({ mmar, trust }: Pick<RunForm, 'mmar' | 'trust'>): Promise<string | undefined> {
    if (trust !== true) return undefined;
    return (await this.#parts.trustedCode(this.#parts.folderOf(mmar as MmarId)))?.digest;
  }

  /** Folders outside an MMAR, absolute, that the user lets its configs write into. */
  async writePlaces(mmar: MmarId): Promise<readonly string[]> {
    return (await this.#parts.writePlaces?.(this.#parts.folderOf(mmar))) ?? [];
  }

  /** Follows a run. All windows share one feed. @throws FaultError `run-not-found`, `journal-damaged` */
  async feedOf(place: RunPlace): Promise<RunFeed> {
    const folder = await this.folderOfRun(place);
    const known = this.#feeds.get(folder);
    if (known?.isHeard === true) return known;
    const feed = new RunFeed(place, folder, this.#parts.ports);
    // One that nobody hears any more is read anew by the next: it costs less than to keep all that were ever looked at.
    for (const [path, other] of this.#feeds)
      if (!other.isHeard && !this.#own.has(path)) this.#feeds.delete(path);
    this.#feeds.set(folder, feed);
    return feed;
  }

  /** Absolute path of a run's folder. */
  async folderOfRun({ mmar, run }: RunPlace): Promise<string> {
    const own = [...this.#own].find(([, { place }]) => place.mmar === mmar && place.run === run);
    if (own !== undefined) return own[0];
    return join(await findWorkFolder(this.#parts.folderOf(mmar)), run);
  }

  /** The controls of a run of this program. @throws FaultError `run-finished`, `run-locked` when another carries it out */
  async controlsOf(place: RunPlace): Promise<RunControls> {
    const folder = await this.folderOfRun(place);
    const own = this.#own.get(folder);
    if (own !== undefined) return own.controls;
    const feed = new RunFeed(place, folder, this.#parts.ports);
    await feed.refresh();
    if (feed.picture.view?.condition !== 'running') throw notRunning(place);
    throw new FaultError({
      code: 'run-locked',
      file: place.run,
      message: 'Another program carries this run out: it cannot be steered from here.',
      allowed: 'to stop it so that it can be resumed here',
    });
  }

  /** Stops a run, of another program too. False when it has ended. @throws FaultError `run-finished`, `run-locked` */
  async stop(place: RunPlace, when: StopTime, resumable: boolean): Promise<boolean> {
    const folder = await this.folderOfRun(place);
    const own = this.#own.get(folder);
    if (own !== undefined) return own.controls.stop({ when, resumable });
    const feed = new RunFeed(place, folder, this.#parts.ports);
    await feed.refresh();
    if (feed.picture.view?.condition !== 'running') throw notRunning(place);
    await stopRun(folder, this.#parts.ports, { when, resumable });
    return true;
  }

  /** Deletes a run that does not run: to the trash, or for good where there is none and `forever` is true. */
  async remove(place: RunPlace, forever: boolean): Promise<void> {
    const { desktop, ports } = this.#parts;
    const folder = await this.folderOfRun(place);
    const feed = new RunFeed(place, folder, ports);
    await feed.refresh();
    if (feed.picture.view?.condition === 'running')
      throw new FaultError({
        code: 'run-locked',
        file: place.run,
        message: 'The run goes on: stop it first.',
      });
    if (desktop.abilities.trash) return desktop.trash(folder);
    if (!forever)
      throw new FaultError({
        code: 'usage',
        message: 'There is no trash here.',
        allowed: 'to delete the run for good',
      });
    await withFileFaults(place.run, () => rm(folder, { recursive: true }));
  }

  /** The runs of this program that go on. */
  async active(): Promise<RunHead[]> {
    const heads = await Promise.all(
      [...this.#own].map(async ([folder, { place }]) => {
        const feed = this.#feeds.get(folder) ?? new RunFeed(place, folder, this.#parts.ports);
        await feed.refresh();
        return feed.picture.head(this.#parts.ports.clock.now());
      }),
    );
    return heads.filter((head) => head !== undefined);
  }

  /** Calls back whenever a run of this program begins or ends; the returned function ends that. */
  onActivity(listener: () => void): () => void {
    this.#activityListeners.add(listener);
    return () => this.#activityListeners.delete(listener);
  }

  /** Interrupts all runs of this program. Settles when they have ended; they can be resumed. */
  async dispose(): Promise<void> {
    const ends = [...this.#own.values()].map(({ controls, end }) => {
      controls.stop({ reason: 'the program was closed' });
      return end;
    });
    await Promise.allSettled(ends);
    for (const feed of this.#feeds.values()) feed.close();
  }

  async #carryOut(
    mmar: MmarId,
    request: {
      readonly words: readonly string[];
      readonly resume: boolean;
      readonly trust: string | undefined;
      readonly automlConf?: string;
      readonly seed?: number;
    },
  ): Promise<StartedRun> {
    const { words, trust, ...start } = request;
    let folder = '';
    const { tracking } = this.#parts;
    const mmarRoot = this.#parts.folderOf(mmar);
    const writeTo = await this.writePlaces(mmar);
    const run = await startAutoml({
      ...start,
      ...(trust === undefined ? {} : { trust }),
      ...(tracking === undefined ? {} : { tracking }),
      mmarRoot,
      writeTo,
      overrides: unwrap(parseSetArguments(words)),
      ports: this.#parts.ports,
      observe: (observation) => this.#hear(folder, observation),
    });
    folder = run.runFolder;
    this.#keep({ mmar, run: run.runId }, run);
    return run;
  }

  #keep(place: RunPlace, { runFolder, controls, end }: StartedRun): void {
    const { desktop } = this.#parts;
    const endAwake = desktop.keepAwake(`The search ${place.run} is running`);
    const settle = (summary: RunSummary | undefined): void => {
      this.#own.delete(runFolder);
      endAwake();
      this.#announceActivity();
      // A notification that cannot be shown is no reason to fail: the run has ended all the same.
      void desktop.notify(describeEnd(place.run, summary)).catch(() => undefined);
    };
    this.#own.set(runFolder, {
      place,
      controls,
      end: end.then(settle, () => settle(undefined)),
    });
    this.#announceActivity();
  }

  #hear(folder: string, observation: RunObservation): void {
    if (observation.type === 'job-progress')
      this.#feeds.get(folder)?.addLive(observation.job, observation.progress);
    if (observation.type === 'workers' || observation.type === 'job') this.#announceActivity();
  }

  #announceActivity(): void {
    for (const listener of this.#activityListeners) listener();
  }
}

const notRunning = ({ run }: RunPlace): FaultError =>
  new FaultError({ code: 'run-finished', file: run, message: 'This run does not run.' });

function limitWords(name: string, seconds: number | null | undefined): readonly string[] {
  return seconds === undefined ? [] : [`${name}=${seconds ?? 'none'}`];
}

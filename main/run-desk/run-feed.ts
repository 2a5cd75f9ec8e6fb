import type { RunUpdate } from '../../common/api/runs.ts';
import type { JobProgress } from '../../common/run/progress.ts';
import { RunReader, type ReaderPorts } from '../automl/run-reader.ts';
import { pause } from './pause.ts';
import { RunPicture, type RunPlace } from './run-picture.ts';

/** How often the folder of a run is looked at: one that goes on, and one that somebody may go on with. */
const POLL_MS = { running: 400, ended: 2000 };
/** Jobs in one item: a frame of about 200 kB. */
const ROWS_PER_ITEM = 400;
/** The least time between two items: what comes faster is put together. */
const ITEM_INTERVAL_MS = 200;

/** What a listener has not been told yet. */
interface Listener {
  readonly dirty: Set<string>;
  isHeadDirty: boolean;
  knowsSpace: boolean;
  wake(): void;
}

/**
 * Follows one run by its folder for any number of windows, whichever program carries it out. Every window gets what it
 * has not seen; a slow one gets more at once, never a queue.
 */
export class RunFeed {
  readonly picture: RunPicture;
  readonly #reader: RunReader;
  readonly #ports: ReaderPorts;
  readonly #listeners = new Set<Listener>();
  #reading: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #error: unknown;
  #headText = '';

  /** @param runRoot absolute path of the run's folder */
  constructor(place: RunPlace, runRoot: string, ports: ReaderPorts) {
    this.picture = new RunPicture(place);
    this.#reader = new RunReader(runRoot, ports);
    this.#ports = ports;
  }

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /** Reads what is new now. @throws FaultError `run-not-found`, `journal-damaged` */
  async refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    await this.#reading;
  }

  /** What the run's engine says in this program, between two entries of the journal. */
  addLive(job: string, progress: JobProgress): void {
    if (this.picture.addLive(job, progress)) this.#announce([job], false);
  }

  /**
   * First all that is known, or what came after an entry, in parts; then whatever changes, until the signal.
   *
   * @throws FaultError `run-not-found`, `journal-damaged`, also when it happens later
   */
  async *watch(after: number | undefined, signal: AbortSignal): AsyncGenerator<RunUpdate> {
    const listener = this.#listen();
    try {
      await this.refresh();
      if (this.#cancelTimer === undefined) this.#poll();
      listener.isHeadDirty = false;
      yield* this.#tellAll(after, listener);
      let seq = this.picture.seq;
      while (!signal.aborted) {
        await this.#nextChange(listener, signal);
        if (signal.aborted) return;
        if (this.#error !== undefined) throw this.#error;
        yield this.#tellChange(listener, seq);
        seq = this.picture.seq;
      }
    } finally {
      this.#listeners.delete(listener);
      if (!this.isHeard) this.close();
    }
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  async #read(): Promise<void> {
    const changed = this.picture.add(await this.#reader.read());
    const head = JSON.stringify({ ...this.#head(), seconds: 0, secondsLeft: 0 });
    const isHeadNew = head !== this.#headText || changed.size > 0;
    this.#headText = head;
    this.#announce(changed, isHeadNew);
  }

  #head(): RunUpdate['head'] {
    return this.picture.head(this.#ports.clock.now());
  }

  #announce(jobs: Iterable<string>, isHeadNew: boolean): void {
    for (const listener of this.#listeners) {
      for (const job of jobs) listener.dirty.add(job);
      listener.isHeadDirty ||= isHeadNew;
      if (isHeadNew || listener.dirty.size > 0) listener.wake();
    }
  }

  #listen(): Listener {
    const listener: Listener = {
      dirty: new Set(),
      isHeadDirty: false,
      knowsSpace: false,
      wake: () => undefined,
    };
    this.#listeners.add(listener);
    return listener;
  }

  #poll(): void {
    const delayMs = this.picture.view?.condition === 'running' ? POLL_MS.running : POLL_MS.ended;
    this.#cancelTimer = this.#ports.clock.after(delayMs, () => {
      void this.refresh()
        .catch((error: unknown) => {
          this.#error = error;
          for (const listener of this.#listeners) listener.wake();
        })
        .finally(() => {
          if (this.isHeard && this.#error === undefined) this.#poll();
          else this.#cancelTimer = undefined;
        });
    });
  }

  *#tellAll(after: number | undefined, listener: Listener): Generator<RunUpdate> {
    const { picture } = this;
    const seq = picture.seq;
    // A window that has seen more than there is looked at another journal of that name.
    const isReset = after === undefined || after > seq;
    const jobs = picture.jobsAfter(isReset ? undefined : after);
    const first = {
      ...this.#describeHead(listener),
      notes: [...picture.notesAfter(isReset ? 0 : after)],
      isReset,
    };
    for (let from = 0; from === 0 || from < jobs.length; from += ROWS_PER_ITEM) {
      const part = jobs.slice(from, from + ROWS_PER_ITEM);
      for (const job of part) listener.dirty.delete(job);
      yield {
        ...(from === 0 ? first : { notes: [], isReset: false }),
        seq,
        isComplete: from + ROWS_PER_ITEM >= jobs.length,
        jobs: part.map((job) => picture.row(job)),
      };
    }
  }

  #tellChange(listener: Listener, seqBefore: number): RunUpdate {
    const { picture } = this;
    const jobs = [...listener.dirty].slice(0, ROWS_PER_ITEM);
    for (const job of jobs) listener.dirty.delete(job);
    const { isHeadDirty } = listener;
    listener.isHeadDirty = false;
    return {
      ...(isHeadDirty ? this.#describeHead(listener) : {}),
      seq: picture.seq,
      isReset: false,
      isComplete: listener.dirty.size === 0,
      jobs: jobs.map((job) => picture.row(job)),
      notes: [...picture.notesAfter(seqBefore)],
    };
  }

  #describeHead(listener: Listener): Pick<RunUpdate, 'head' | 'space' | 'workers'> {
    const head = this.#head();
    const { workers, space } = this.picture.view ?? {};
    const isSpaceNew = space !== undefined && !listener.knowsSpace;
    listener.knowsSpace ||= isSpaceNew;
    return {
      ...(head === undefined ? {} : { head }),
      ...(workers === undefined ? {} : { workers }),
      // the journal holds what the schema describes
      ...(isSpaceNew ? { space: space as NonNullable<RunUpdate['space']> } : {}),
    };
  }

  /** Settles when there is something to tell, but not sooner than a while after the last time. */
  async #nextChange(listener: Listener, signal: AbortSignal): Promise<void> {
    await pause(this.#ports.clock, ITEM_INTERVAL_MS, signal);
    while (!signal.aborted && listener.dirty.size === 0 && !listener.isHeadDirty && this.#error === undefined)
      await new Promise<void>((resolve) => {
        listener.wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
  }
}

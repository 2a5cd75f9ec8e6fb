import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RemoteState } from '../../../common/api/remotes.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Clock } from '../../ports/clock.ts';
import { catchUp } from '../project-run/open-projection.ts';
import { DATABASE_FILE } from '../store/store-fault.ts';
import { openTrackingStore } from '../store/tracking-store.ts';
import type { Outbox } from './outbox.ts';

export interface CourierParts {
  /** Opens the outbox when it is first asked for. Throws a FaultError where it cannot. */
  readonly outbox: () => Outbox;
  /** Folder of the tracking store. */
  readonly folder: string;
  readonly clock: Clock;
  readonly onDefect: (error: unknown) => void;
  /** Between two looks at the store; 5 seconds. */
  readonly intervalMs?: number;
}

const INTERVAL_MS = 5000;
const ANNOUNCE_MS = 1000;

/** Sends in the background what other servers do not have, for as long as the program is there. */
export class Courier {
  readonly #parts: CourierParts;
  readonly #stop = new AbortController();
  readonly #sending = new Set<string>();
  /** What the store was like when a server had all of it. */
  readonly #done = new Map<string, string>();
  /** Why a server cannot be sent to from this machine. */
  readonly #faults = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  #announcedAt = -Infinity;
  #cancelTimer: () => void = () => undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Begins to look; first at searches that the store is still owed. */
  start(): void {
    this.#working = this.#catchUp();
    this.#schedule();
  }

  /** Sends to a server now, also to one that is not due or has refused us. */
  kick(name: string): void {
    this.#done.delete(name);
    this.#enqueue(() => this.#send(name));
  }

  /** How a server stands. */
  state(name: string): RemoteState {
    const outbox = this.#parts.outbox();
    const { problem, isRefused, lastTryAt, nextTryAt } = outbox.remotes.health(name);
    const fault = this.#faults.get(name) ?? problem;
    const troubled = isRefused || this.#faults.has(name) ? 'refused' : 'offline';
    const phase = this.#sending.has(name) ? 'sending' : fault === undefined ? 'idle' : troubled;
    return {
      phase,
      ...outbox.counts(name),
      ...(fault === undefined ? {} : { problem: fault }),
      ...(lastTryAt === undefined ? {} : { lastTryAt: new Date(lastTryAt).toISOString() }),
      ...(nextTryAt === undefined ? {} : { nextTryAt: new Date(nextTryAt).toISOString() }),
    };
  }

  /** Calls `listener` after each change of any state, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Servers were added, changed or removed. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** While runs go over one after the other: not after each of them, since who listens reads them all. */
  #changedAgain(): void {
    const now = this.#parts.clock.now();
    if (now - this.#announcedAt < ANNOUNCE_MS) return;
    this.#announcedAt = now;
    this.changed();
  }

  /** Ends what is being sent; it goes on at the next start. */
  async dispose(): Promise<void> {
    this.#stop.abort();
    this.#cancelTimer();
    await this.#working;
    this.changed();
  }

  #schedule(): void {
    const { clock, intervalMs = INTERVAL_MS } = this.#parts;
    this.#cancelTimer = clock.after(intervalMs, () => {
      this.#enqueue(() => this.#look());
      void this.#working.finally(() => {
        if (!this.#stop.signal.aborted) this.#schedule();
      });
    });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#working = this.#working.then(async () => {
      if (this.#stop.signal.aborted) return;
      await work().catch((error: unknown) => {
        // what is wrong with the outbox is told to whoever asks for it
        if (!this.#stop.signal.aborted && !(error instanceof FaultError)) this.#parts.onDefect(error);
      });
    });
  }

  async #look(): Promise<void> {
    const { clock } = this.#parts;
    const outbox = this.#parts.outbox();
    const stamp = await this.#stampOfStore();
    for (const { name } of outbox.remotes.list()) {
      const { nextTryAt = 0 } = outbox.remotes.health(name);
      if (stamp !== undefined && this.#done.get(name) !== stamp && nextTryAt <= clock.now())
        await this.#send(name);
    }
  }

  async #send(name: string): Promise<void> {
    const outbox = this.#parts.outbox();
    const stamp = await this.#stampOfStore();
    this.#sending.add(name);
    this.changed();
    try {
      const result = await outbox.sync(name, {
        signal: this.#stop.signal,
        onRun: () => this.#changedAgain(),
      });
      this.#faults.delete(name);
      const isDone = result !== undefined && result.failure === undefined && !result.isUnfinished;
      if (isDone && stamp !== undefined) this.#done.set(name, stamp);
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      this.#faults.set(name, error.message);
    } finally {
      this.#sending.delete(name);
      this.changed();
    }
  }

  async #catchUp(): Promise<void> {
    try {
      if ((await this.#stampOfStore()) === undefined) return;
      const store = openTrackingStore(this.#parts.folder);
      try {
        if (store.readOnly === undefined) await catchUp(store);
      } finally {
        store.close();
      }
    } catch (error) {
      // what is wrong with the store is told by whoever shows it
      if (!(error instanceof FaultError)) this.#parts.onDefect(error);
    }
  }

  /** Differs whenever something was written; undefined where there is no store. */
  async #stampOfStore(): Promise<string | undefined> {
    const file = join(this.#parts.folder, DATABASE_FILE);
    const stamps = await Promise.all(
      [file, `${file}-wal`].map((path) =>
        stat(path).then(
          ({ size, mtimeMs }) => `${size}/${mtimeMs}`,
          () => '',
        ),
      ),
    );
    return stamps[0] === '' ? undefined : stamps.join(' ');
  }
}

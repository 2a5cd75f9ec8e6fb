import { openTrackingStore, type TrackingStore } from './store/tracking-store.ts';

/**
 * The tracking store of a program with a window: opened when it is first asked for, once for all, and tried again after
 * it could not be opened.
 */
export class SharedStore {
  readonly folder: string;
  #store: TrackingStore | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws {FaultError} see {@link openTrackingStore}. */
  open(): TrackingStore {
    this.#store ??= openTrackingStore(this.folder, { busyTimeoutMs: BUSY_TIMEOUT_MS });
    return this.#store;
  }

  close(): void {
    this.#store?.close();
    this.#store = undefined;
  }
}

/** The window waits meanwhile: shorter than a program that logs would wait. */
const BUSY_TIMEOUT_MS = 2000;

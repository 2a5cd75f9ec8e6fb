import type { WorkerLease } from '../../common/run/journal-event.ts';

export type WorkerState = 'idle' | 'busy' | 'suspended';

export interface WorkerStatus {
  readonly name: string;
  readonly devices: readonly string[];
  readonly state: WorkerState;
  /** It has a job, perhaps its last one before it is suspended. */
  readonly busy: boolean;
}

/** Hands out workers: the one that has been free longest comes first. */
export interface Scheduler {
  /** A free worker, `preferred` where that one is free; undefined when none is. */
  take(preferred?: string): WorkerLease | undefined;
  /** The worker's job is over. */
  release(worker: string): void;
  /** The worker gets no further jobs; a running one goes on. False for a name that is not known. */
  suspend(worker: string): boolean;
  /** Lifts {@link suspend}. */
  resume(worker: string): boolean;
  list(): readonly WorkerStatus[];
}

import type { WorkerLease } from '../../common/run/journal-event.ts';
import type { WorkerStatus } from '../../common/run/worker-status.ts';

/** Hands out workers: the one that has been free longest comes first. */
export interface Scheduler {
  /** A free worker, `preferred` where that one is free; undefined when none is. */
  take(preferred?: string): WorkerLease | undefined;
  /** The worker's job is over. */
  release(worker: string): void;
  /** The worker gets no further jobs; a running one goes on. False for a name that is not known. */
  pause(worker: string): boolean;
  /** Lifts {@link pause}. */
  unpause(worker: string): boolean;
  list(): readonly Omit<WorkerStatus, 'job'>[];
}

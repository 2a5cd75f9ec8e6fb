import type { WorkerLease } from '../../common/run/journal-event.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import type { WorkerConfig } from './parse-workers.ts';

/** Threads per job: the cores divided among the workers, so that jobs side by side do not slow each other. */
export function shareThreads(cores: number, workers: number): number {
  return Math.max(1, Math.floor(cores / workers));
}

/**
 * The workers of a run. Free ones stand in a line: who becomes free goes to its end, so jobs go round the workers, as
 * Clara's do (W2_1_J2, W3_1_J3, ... also when one job runs at a time).
 */
export class WorkerPool implements Scheduler {
  readonly #workers: readonly WorkerConfig[];
  readonly #threads: number;
  readonly #free: string[];
  readonly #paused = new Set<string>();

  /** @param cores of this machine, shared by all workers */
  constructor(workers: readonly WorkerConfig[], cores: number) {
    this.#workers = workers;
    this.#threads = shareThreads(cores, workers.length);
    this.#free = workers.map(({ name }) => name);
  }

  take(preferred?: string): WorkerLease | undefined {
    const usable = this.#free.filter((name) => !this.#paused.has(name));
    const name = usable.find((candidate) => candidate === preferred) ?? usable[0];
    if (name === undefined) return undefined;
    this.#free.splice(this.#free.indexOf(name), 1);
    return { worker: name, devices: [...this.#find(name)!.devices], threads: this.#threads };
  }

  release(worker: string): void {
    if (this.#find(worker) === undefined || this.#free.includes(worker))
      throw new Error(`${worker} has no job to be released from`);
    this.#free.push(worker);
  }

  pause(worker: string): boolean {
    if (this.#find(worker) === undefined) return false;
    this.#paused.add(worker);
    return true;
  }

  unpause(worker: string): boolean {
    this.#paused.delete(worker);
    return this.#find(worker) !== undefined;
  }

  list(): ReturnType<Scheduler['list']> {
    return this.#workers.map(({ name, devices }) => {
      const busy = !this.#free.includes(name);
      const state = this.#paused.has(name) ? 'paused' : busy ? 'busy' : 'idle';
      return { name, devices: [...devices], state, busy };
    });
  }

  #find(name: string): WorkerConfig | undefined {
    return this.#workers.find((worker) => worker.name === name);
  }
}

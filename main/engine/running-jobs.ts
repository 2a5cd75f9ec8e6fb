import type { JobProgress } from '../../common/run/progress.ts';
import type { AbortCause, JobEnd, JobTask } from './job-task.ts';
import type { RunningJobTime } from './run-progress.ts';

export interface EndedTask {
  readonly task: JobTask;
  readonly end: JobEnd;
}

/** The jobs that run at this moment, and those that have ended since somebody last asked. */
export class RunningJobs {
  readonly #tasks = new Map<string, JobTask>();
  readonly #runs = new Map<string, Promise<void>>();
  readonly #progress = new Map<string, JobProgress>();
  readonly #whenEnded: () => void;
  #ended: EndedTask[] = [];

  /** @param whenEnded called whenever a job has ended */
  constructor(whenEnded: () => void) {
    this.#whenEnded = whenEnded;
  }

  start(task: JobTask, resume: boolean): void {
    const { name } = task.job;
    this.#tasks.set(name, task);
    const run = task.run(resume).then((end) => {
      this.#tasks.delete(name);
      this.#runs.delete(name);
      this.#progress.delete(name);
      this.#ended.push({ task, end });
      this.#whenEnded();
    });
    this.#runs.set(name, run);
  }

  /** The jobs that have ended, in the order of ending; each once. */
  takeEnded(): readonly EndedTask[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** Settles once there is something to take. */
  async ended(): Promise<void> {
    if (this.#ended.length === 0) await Promise.race(this.#runs.values());
  }

  /** Nothing runs, and all ends have been taken. */
  isEmpty(): boolean {
    return this.#tasks.size === 0 && this.#ended.length === 0;
  }

  /** Undefined for a job that does not run. */
  find(job: string): JobTask | undefined {
    return this.#tasks.get(job);
  }

  abortAll(cause: AbortCause): void {
    for (const task of this.#tasks.values()) task.abort(cause);
  }

  /** Undefined for a worker that has no job. */
  findOfWorker(worker: string): JobTask | undefined {
    return [...this.#tasks.values()].find(({ job }) => job.lease.worker === worker);
  }

  addProgress(job: string, progress: JobProgress): void {
    this.#progress.set(job, { ...this.#progress.get(job), ...progress });
  }

  times(now: number): readonly RunningJobTime[] {
    return [...this.#tasks.values()].map(({ job, startedAt }) => {
      const secondsLeft = this.#progress.get(job.name)?.secondsLeft;
      const secondsElapsed = (now - startedAt) / 1000;
      return secondsLeft === undefined ? { secondsElapsed } : { secondsElapsed, secondsLeft };
    });
  }
}

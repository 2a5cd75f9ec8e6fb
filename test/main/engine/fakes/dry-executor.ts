import type { SearchSpace } from '../../../../common/search-space/search-space.ts';
import type { Executor, Job, JobResult } from '../../../../main/engine/executor.ts';
import { hillSpace, scoreOf } from './hill-controller.ts';

/** Runs nothing: gives each job's result at once, or whatever `execute` says. */
export class DryExecutor implements Executor {
  readonly executed: string[] = [];
  readonly #execute: (job: Job) => Promise<JobResult> | JobResult;
  readonly #space: SearchSpace;

  constructor(
    execute: (job: Job) => Promise<JobResult> | JobResult = (job) => ({
      status: 'completed',
      score: scoreOf(job.recommendation.values),
    }),
    space = hillSpace,
  ) {
    this.#execute = execute;
    this.#space = space;
  }

  determineSearchSpace(): SearchSpace {
    return this.#space;
  }

  async execute(job: Job): Promise<JobResult> {
    this.executed.push(job.name);
    return this.#execute(job);
  }
}

/** A job that goes on until it is told to stop. */
export function untilAborted(job: Job): Promise<JobResult> {
  return new Promise((resolve) => {
    job.signal.addEventListener('abort', () => resolve({ status: 'aborted' }));
  });
}

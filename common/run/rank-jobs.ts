import type { JobRecord } from './job-record.ts';
import { parseJobName } from './job-name.ts';

/** What ranks a job. */
export type RankedJob = Pick<JobRecord, 'job' | 'score'>;

/** Best score first, then the earlier job; jobs without a score last. */
export function compareJobs(a: RankedJob, b: RankedJob): number {
  if (a.score !== b.score) {
    if (a.score === undefined) return 1;
    if (b.score === undefined) return -1;
    return b.score - a.score;
  }
  return (parseJobName(a.job)?.number ?? 0) - (parseJobName(b.job)?.number ?? 0);
}

/** The jobs, best first. */
export function rankJobs<T extends RankedJob>(jobs: readonly T[]): readonly T[] {
  return jobs.toSorted(compareJobs);
}

import type { JobRow } from '../../../common/api/runs.ts';
import type { JobState } from '../../../common/run/job-status.ts';

export type JobFilter = 'all' | 'running' | 'completed' | 'bad' | 'stopped';

const states: Readonly<Record<Exclude<JobFilter, 'all'>, readonly JobState[]>> = {
  running: ['running'],
  completed: ['completed'],
  bad: ['failed', 'diverged'],
  stopped: ['aborted', 'timeout', 'interrupted'],
};

/** The jobs that ended so, and whose name, worker or reason holds the query. */
export function filterJobs(rows: readonly JobRow[], query: string, filter: JobFilter): readonly JobRow[] {
  const wanted = query.trim().toLowerCase();
  const chosen = filter === 'all' ? undefined : states[filter];
  if (wanted === '' && chosen === undefined) return rows;
  return rows.filter(
    ({ job, worker, reason = '', state }) =>
      (chosen === undefined || chosen.includes(state)) &&
      (wanted === '' || `${job} ${worker} ${reason}`.toLowerCase().includes(wanted)),
  );
}

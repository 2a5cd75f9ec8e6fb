import type { JobRow } from '../../../common/api/runs.ts';
import { rankJobs } from '../../../common/run/rank-jobs.ts';

/** More curves than this cannot be told apart, whatever their colours. */
const MOST_CURVES = 24;
const BEST_SHOWN = 5;
const RUNNING_SHOWN = 8;

/**
 * Whose curves are shown: the jobs that were selected; while none is, the running ones and the best. The active job is
 * always among them.
 */
export function chooseCurves(
  rows: readonly JobRow[],
  selection: ReadonlySet<string>,
  active: string | undefined,
): readonly string[] {
  const chosen =
    selection.size > 0
      ? [...selection]
      : [
          ...rows.filter(({ state }) => state === 'running').slice(-RUNNING_SHOWN),
          ...rankJobs(rows.filter(({ score, state }) => score !== undefined && state !== 'running')).slice(
            0,
            BEST_SHOWN,
          ),
        ].map(({ job }) => job);
  const all = active === undefined || chosen.includes(active) ? chosen : [active, ...chosen];
  return all.slice(0, MOST_CURVES);
}

import type { RunSummary } from '../../common/run/run-observation.ts';

/**
 * How a run ended, for a notification: it stays on the screen of a room that anybody may enter, so it names the run and
 * nothing of its data. @param summary undefined when the outer loop itself failed
 */
export function describeEnd(
  run: string,
  summary: RunSummary | undefined,
): { readonly title: string; readonly text: string } {
  if (summary === undefined) return { title: `${run} failed`, text: 'Open the run to see why.' };
  const { status, jobs, best } = summary;
  const count = `${jobs.length} job${jobs.length === 1 ? '' : 's'}`;
  const score = best === undefined ? 'none with a score' : `best score ${best.score.toFixed(4)}`;
  const titles = {
    completed: `${run} is complete`,
    stopped: `${run} is finished`,
    interrupted: `${run} was interrupted`,
    failed: `${run} failed`,
  } as const;
  return { title: titles[status], text: `${count}, ${score}` };
}

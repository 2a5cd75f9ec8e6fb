import type { RunHead } from '../../common/api/runs.ts';
import type { Desktop, RunningSearch } from '../ports/desktop.ts';
import type { RunDesk } from './run-desk.ts';

/**
 * Shows on the desktop which searches of this program are running, now and whenever that changes.
 *
 * @param onDefect hears why it could not be shown; the searches go on
 * @returns ends that
 */
export function tellRunning(
  desk: Pick<RunDesk, 'active' | 'onActivity'>,
  desktop: Pick<Desktop, 'showRunning'>,
  onDefect: (error: unknown) => void,
): () => void {
  let isTelling = false;
  let isStale = false;
  const tell = async (): Promise<void> => {
    isStale = true;
    if (isTelling) return;
    isTelling = true;
    try {
      while (isStale) {
        isStale = false;
        desktop.showRunning((await desk.active()).map(describeRunning));
      }
    } catch (error) {
      onDefect(error);
    } finally {
      isTelling = false;
    }
  };
  return desk.onActivity(() => void tell());
}

/** As in notifications, it names the run and nothing of its data: anybody may look at the screen. */
export function describeRunning({ run, jobs, best, stopping }: RunHead): RunningSearch {
  const ended = jobs.completed + jobs.failed + jobs.aborted + jobs.timeout + jobs.diverged;
  const of = jobs.planned === undefined ? '' : ` of ${jobs.planned}`;
  return {
    run,
    text: [
      `${ended}${of} ${(jobs.planned ?? ended) === 1 ? 'job' : 'jobs'} done`,
      ...(best === undefined ? [] : [`best ${best.score.toFixed(4)}`]),
      ...(stopping === undefined ? [] : ['stopping']),
    ].join(', '),
  };
}

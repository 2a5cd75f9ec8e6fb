import { createHash } from 'node:crypto';
import type { JournalEntry } from '../../../common/run/journal-event.ts';
import { encodeLine } from '../../journal/journal-line.ts';

/**
 * What names a run wherever its folder stands: a digest of its journal's first entry, which holds its time to the
 * millisecond, its seed, its process and its configs. A moved or copied MMAR has the same runs.
 */
export function runUidOf(first: JournalEntry): string {
  return digestOf(encodeLine(first));
}

/** The MLflow run of the search, or of one of its jobs: always the same, so that nothing is ever written twice. */
export function trackedRunId(runUid: string, job?: string): string {
  return job === undefined ? runUid : digestOf(`${runUid}/${job}`);
}

/** The logged model of a run, by its name: always the same, as its run is. */
export function trackedModelId(runId: string, name: string): string {
  return `m-${digestOf(`${runId}/${name}`)}`;
}

/** MLflow's run ids have 32 hexadecimal digits. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

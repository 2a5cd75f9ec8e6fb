import type { RunUpdate } from '../../common/api/runs.ts';
import type { JournalEntry, JournalEvent } from '../../common/run/journal-event.ts';

export type RunNote = RunUpdate['notes'][number];

/** What an entry says that no job's row and no head shows; undefined for the others. */
export function noteOf({ seq, at, event }: JournalEntry): RunNote | undefined {
  const text = describe(event);
  if (text === undefined) return undefined;
  return { seq, at, text, level: event.type === 'component_failed' ? 'error' : 'info' };
}

function describe(event: JournalEvent): string | undefined {
  switch (event.type) {
    case 'run_created':
      return `Started with the seed ${event.identity.seed} and ${event.host.workers.split(':').length === 1 ? 'one worker' : `${event.host.workers.split(':').length} workers`} (${event.host.workers})`;
    case 'resumed':
      return event.cut === undefined
        ? 'Resumed'
        : 'Resumed; what a crash had left unfinished at the end of the journal was cut off';
    case 'paused':
      return event.worker === undefined ? 'Paused' : `${event.worker} was paused`;
    case 'unpaused':
      return event.worker === undefined ? 'Goes on' : `${event.worker} goes on`;
    case 'abort_requested':
      return `${event.job} was told to stop: ${event.reason}`;
    case 'stop_requested':
      return `Told to stop by ${event.issuer}: ${event.reason}`;
    case 'component_failed':
      return `${event.component} failed at ${event.event}${event.job === undefined ? '' : ` of ${event.job}`}: ${event.message}`;
    case 'run_ended':
      return `Ended as ${event.status}: ${event.reason}`;
    case 'search_space':
    case 'round_ended':
    case 'recommendations':
    case 'job_started':
    case 'job_progress':
    case 'job_interrupted':
    case 'job_ended':
      return undefined;
  }
}

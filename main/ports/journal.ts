import type { JournalEntry, JournalEvent } from '../../common/run/journal-event.ts';

/** The append-only record of one run. */
export interface Journal {
  /** Settles once all the events are on the disk, in one flush. Rejects with a FaultError when they are not. */
  append(events: readonly JournalEvent[]): Promise<readonly JournalEntry[]>;
  /** Writes an event in its turn without waiting for the disk: for progress, which may be lost. */
  note(event: JournalEvent): JournalEntry;
  /** Settles when everything is written and flushed. */
  close(): Promise<void>;
}

import type { JournalEntry, JournalEvent } from '../../../../common/run/journal-event.ts';
import type { Journal } from '../../../../main/ports/journal.ts';

/** A journal in memory. `failAt`: the append with that number (from 1) and all later ones fail. */
export class MemoryJournal implements Journal {
  readonly entries: JournalEntry[] = [];
  readonly failure: Error | undefined;
  readonly #failAt: number;
  #appends = 0;

  constructor(history: readonly JournalEntry[] = [], failAt = Infinity, failure?: Error) {
    this.entries.push(...history);
    this.#failAt = failAt;
    this.failure = failure;
  }

  async append(events: readonly JournalEvent[]): Promise<readonly JournalEntry[]> {
    if (++this.#appends >= this.#failAt) throw this.failure ?? new Error('the journal is broken');
    await Promise.resolve();
    return events.map((event) => this.note(event));
  }

  note(event: JournalEvent): JournalEntry {
    const entry = { seq: this.entries.length + 1, at: '2020-01-01T00:00:00.000Z', event };
    this.entries.push(entry);
    return entry;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

import { FaultError } from '../../common/fault.ts';
import { JobRecords } from '../../common/run/job-record.ts';
import type { JournalEntry, JournalEvent } from '../../common/run/journal-event.ts';
import type { RunObservation } from '../../common/run/run-observation.ts';
import type { Journal } from '../ports/journal.ts';
import { emptyRunState, foldEvent, type RunState } from './run-state.ts';

/** The run as journalled: the journal, the state that follows from it, and who wants to know. */
export class RunRecord {
  readonly jobs = new JobRecords();
  readonly #journal: Journal;
  readonly #observe: (observation: RunObservation) => void;
  #state = emptyRunState;

  /** @param history what the journal holds already: folded, but not observed again */
  constructor(
    journal: Journal,
    history: readonly JournalEntry[],
    observe: (observation: RunObservation) => void,
  ) {
    this.#journal = journal;
    this.#observe = observe;
    for (const entry of history) this.#replay(entry);
  }

  get state(): RunState {
    return this.#state;
  }

  /** Settles when the events are durable: only then may they be acted on. */
  async append(events: readonly JournalEvent[]): Promise<void> {
    if (events.length === 0) return;
    this.#state = events.reduce(foldEvent, this.#state);
    for (const entry of await this.#journal.append(events)) this.#publish(entry);
  }

  /** For events that the engine's state does not depend on: they are written in their turn, and may be lost. */
  note(event: JournalEvent): void {
    this.#publish(this.#journal.note(event));
  }

  #publish(entry: JournalEntry): void {
    const record = this.jobs.add(entry);
    this.#observe({ type: 'entry', entry });
    if (record !== undefined && entry.event.type !== 'job_progress') this.#observe({ type: 'job', record });
  }

  #replay(entry: JournalEntry): void {
    try {
      this.#state = foldEvent(this.#state, entry.event);
      this.jobs.add(entry);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new FaultError({
        code: 'journal-damaged',
        file: 'journal.jsonl',
        line: entry.seq,
        message: `The journal contradicts itself: ${reason}.`,
      });
    }
  }
}

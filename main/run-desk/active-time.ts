import type { JournalEntry } from '../../common/run/journal-event.ts';

/** How long a run has been worked on: the time between an end, or the last sign of life of a killed one, and a resume is left out. */
export class ActiveTime {
  #endedMs = 0;
  #startMs: number | undefined;
  #lastMs = 0;

  add({ event, at }: JournalEntry): void {
    const now = Date.parse(at);
    if (event.type === 'run_created' || event.type === 'resumed') {
      this.#close();
      this.#startMs = now;
    }
    this.#lastMs = now;
    if (event.type === 'run_ended') this.#close();
  }

  /** @param nowMs of a run that goes on */
  seconds(nowMs?: number): number {
    const open = this.#startMs === undefined ? 0 : (nowMs ?? this.#lastMs) - this.#startMs;
    return Math.max(0, this.#endedMs + open) / 1000;
  }

  #close(): void {
    if (this.#startMs !== undefined) this.#endedMs += this.#lastMs - this.#startMs;
    this.#startMs = undefined;
  }
}

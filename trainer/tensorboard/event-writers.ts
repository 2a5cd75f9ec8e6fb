import type { MmarFiles } from '../files/mmar-files.ts';
import { EventWriter } from './event-writer.ts';

/** One event file per folder, opened when something is first written there. */
export class EventWriters {
  readonly #files: MmarFiles;
  readonly #now: () => number;
  readonly #writers = new Map<string, EventWriter>();

  /** @param now milliseconds since 1970 */
  constructor(files: MmarFiles, now: () => number) {
    this.#files = files;
    this.#now = now;
  }

  open(folder: string): EventWriter {
    const path = this.#files.resolve(folder);
    const known = this.#writers.get(path);
    if (known !== undefined) return known;
    const made = new EventWriter({ folder: path, describedAs: this.#files.describe(folder), now: this.#now });
    this.#writers.set(path, made);
    return made;
  }

  close(): void {
    for (const writer of this.#writers.values()) writer.close();
    this.#writers.clear();
  }
}

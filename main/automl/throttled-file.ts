import { withFileFaults } from '../node/file-fault.ts';
import { writeAtomic } from '../node/write-atomic.ts';
import type { Clock } from '../ports/clock.ts';

/**
 * A file that is rewritten whole whenever something changes, at most once per interval: a run of ten thousand jobs
 * would otherwise spend its time on its statistics.
 */
export class ThrottledFile {
  readonly #write: () => Promise<void>;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #writtenAt = -Infinity;
  #writing: Promise<void> = Promise.resolve();
  #cancelTimer: (() => void) | undefined;

  /**
   * @param label what faults call the file
   * @param content made when the file is written
   */
  constructor(file: string, label: string, content: () => string, clock: Clock, intervalMs = 1000) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#write = () => withFileFaults(label, () => writeAtomic(file, content()));
  }

  /** Something has changed: writes now, or when the interval is over. */
  async change(): Promise<void> {
    const wait = this.#writtenAt + this.#intervalMs - this.#clock.now();
    if (wait <= 0) await this.flush();
    else
      this.#cancelTimer ??= this.#clock.after(wait, () => {
        // A failure of a write in between shows again in the last one, which somebody waits for.
        this.flush().catch(() => undefined);
      });
  }

  /** Writes now. */
  flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#writtenAt = this.#clock.now();
    this.#writing = this.#writing.catch(() => undefined).then(this.#write);
    return this.#writing;
  }
}

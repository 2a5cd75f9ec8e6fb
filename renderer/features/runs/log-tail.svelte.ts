import type { MmarId } from '../../../common/api/ids.ts';
import type { LogPart } from '../../../common/api/runs.ts';
import { api } from '../../api.ts';

/** Lines that are kept: a terminal's worth. The file has all. */
const LINES_KEPT = 2000;

/** The end of a log, as it grows. */
export class LogTail {
  #lines = $state.raw<readonly string[]>([]);
  #isCut = $state(false);
  #isRead = $state(false);
  #problem = $state.raw<unknown>(undefined);
  /** The last line, which is not whole yet. */
  #rest = '';

  get lines(): readonly string[] {
    return this.#rest === '' ? this.#lines : [...this.#lines, this.#rest];
  }

  /** There is more before the first line. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Something of the file has been read. */
  get isRead(): boolean {
    return this.#isRead;
  }

  get problem(): unknown {
    return this.#problem;
  }

  /** Follows the log of a job, or the run's own trace, until the signal aborts. */
  async follow(place: { mmar: MmarId; run: string; job?: string }, signal: AbortSignal): Promise<void> {
    try {
      for await (const part of api.runs.log(place, { signal })) this.take(part);
    } catch (error) {
      if (!signal.aborted) this.#problem = error;
    }
  }

  take({ from, isReset, text }: LogPart): void {
    const before = isReset ? [] : this.#lines;
    const parts = `${isReset ? '' : this.#rest}${text}`.split('\n');
    this.#rest = parts.pop()!;
    const lines = [...before, ...parts];
    this.#isCut = (isReset ? from > 0 : this.#isCut) || lines.length > LINES_KEPT;
    this.#lines = lines.slice(-LINES_KEPT);
    this.#isRead = true;
  }
}

/** Whether a line says that something is wrong. */
export function toneOfLine(line: string): 'error' | 'warn' | undefined {
  if (/\b(ERROR|CRITICAL|FATAL|Traceback)\b/.test(line)) return 'error';
  return /\bWARN(ING)?\b/.test(line) ? 'warn' : undefined;
}

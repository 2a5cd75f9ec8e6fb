import { formatFault, type Fault } from '../../common/fault.ts';
import { makePrintable } from '../../common/text/printable.ts';

/** Where a command writes. One per process; tests give their own. */
export interface Output {
  /** A line for people or, under `--json`, for programs. */
  line(text: string): void;
  /** A line about the command itself: errors, hints. Never mixed into what programs read. */
  note(text: string): void;
  /** Raw text without a line end, for live progress. */
  raw(text: string): void;
  /** True where a person watches: live progress may move the cursor. */
  readonly isTerminal: boolean;
  /** Width to write in. */
  columns(): number;
}

/** The process's own stdout and stderr. Lines for people hold no control characters that files have brought in. */
export const processOutput: Output = {
  line: (text) => void process.stdout.write(`${isJson(text) ? text : makePrintable(text)}\n`),
  note: (text) => void process.stderr.write(`${makePrintable(text)}\n`),
  raw: (text) => void process.stdout.write(text),
  isTerminal: process.stdout.isTTY === true && process.env.TERM !== 'dumb',
  // some terminals say 0 when they do not know
  columns: () => process.stdout.columns || 100,
};

/**
 * Goes on when nobody reads what is written any more, as with `outerloop automl | head`: a search is worth more than what is
 * shown of it.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

/** A line of JSON has its control characters escaped, and is a program's to read. */
const isJson = (text: string): boolean => /^\{".*\}$/.test(text) && process.stdout.isTTY !== true;

/** Faults as lines, with their number, on the note channel. */
export function noteFaults(
  output: Output,
  faults: readonly Fault[],
  kind: 'error' | 'warning' = 'error',
): void {
  for (const fault of faults) output.note(`${kind}: ${formatFault(fault)}`);
  if (faults.length > 1) output.note(`${faults.length} ${kind}s`);
}

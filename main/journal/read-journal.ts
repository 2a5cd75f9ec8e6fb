import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FaultError } from '../../common/fault.ts';
import type { JournalEntry } from '../../common/run/journal-event.ts';
import { decodeLine } from './journal-line.ts';

/** How far a reader has come: the last entry's number, and the byte after its line. */
export interface JournalCursor {
  readonly seq: number;
  readonly offset: number;
}

export const JOURNAL_START: JournalCursor = { seq: 0, offset: 0 };

export interface JournalPart {
  readonly entries: readonly JournalEntry[];
  /** Where to go on reading. */
  readonly cursor: JournalCursor;
  /** Bytes after the cursor that are no whole line: being written right now, or torn by a crash. 0 as a rule. */
  readonly tornBytes: number;
}

const NEWLINE = 0x0a;
const ENTRIES_PER_TURN = 500;

/**
 * The entries after the cursor. A reader may follow a journal while it is written.
 *
 * @param label what faults call the file
 * @throws FaultError `journal-damaged` when a line is not what was written, and not the torn last one
 */
export async function readJournal(
  file: string,
  after: JournalCursor = JOURNAL_START,
  label = 'journal.jsonl',
): Promise<JournalPart> {
  const bytes = await readFrom(file, after.offset);
  const entries: JournalEntry[] = [];
  let { seq } = after;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const decoded = decodeLine(bytes.toString('utf8', start, end));
    if ('problem' in decoded) {
      // What a crash left of the last write can hold line ends: a torn line that others follow was damaged later.
      if (!decoded.isWhole && end + 1 === bytes.length) break;
      throw damaged(label, seq + 1, decoded.problem);
    }
    if (decoded.entry.seq !== seq + 1) throw damaged(label, seq + 1, `its number is ${decoded.entry.seq}`);
    entries.push(decoded.entry);
    seq++;
    start = end + 1;
    // a long journal takes a second: others have their turn in between
    if (entries.length % ENTRIES_PER_TURN === 0) await nextTurn();
  }
  return { entries, cursor: { seq, offset: after.offset + start }, tornBytes: bytes.length - start };
}

async function readFrom(file: string, offset: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.max(0, size - offset));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

function damaged(label: string, line: number, problem: string): FaultError {
  return new FaultError({
    code: 'journal-damaged',
    file: label,
    line,
    message: `The journal cannot be read: entry ${line} is not what was written (${problem}). Nothing was changed.`,
    allowed: 'a copy of the journal from before the damage, the program version that wrote it, or a new run',
  });
}

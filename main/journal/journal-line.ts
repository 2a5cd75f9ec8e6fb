import { crc32 } from 'node:zlib';
import { journalEntry, type JournalEntry } from '../../common/run/journal-event.ts';

const CHECKSUM = /,"crc":"([0-9a-f]{8})"\}$/;

/** One line of a journal without its line end: the entry as JSON, with the CRC-32 of what stands before it. */
export function encodeLine(entry: JournalEntry): string {
  const body = JSON.stringify(entry).slice(0, -1);
  return `${body},"crc":"${checksum(body)}"}`;
}

/** What is wrong with a line. `isWhole`: it was written this way, so it is not what a crash left of a write. */
export interface LineProblem {
  readonly problem: string;
  readonly isWhole: boolean;
}

/** The entry of a line, or what is wrong with the line. */
export function decodeLine(line: string): { readonly entry: JournalEntry } | LineProblem {
  const match = CHECKSUM.exec(line);
  if (match === null) return { problem: 'it has no checksum', isWhole: false };
  const body = line.slice(0, match.index);
  if (checksum(body) !== match[1])
    return { problem: 'its checksum does not fit its content', isWhole: false };
  const parsed = journalEntry.safeParse(JSON.parse(`${body}}`));
  if (parsed.success) return { entry: parsed.data };
  const detail = parsed.error.issues[0]?.message ?? 'unknown';
  return { problem: `it holds no event that this version of the program knows: ${detail}`, isWhole: true };
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

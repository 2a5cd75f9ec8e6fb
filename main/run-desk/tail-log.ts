import { open } from 'node:fs/promises';
import type { LogPart } from '../../common/api/runs.ts';
import type { Clock } from '../ports/clock.ts';
import { pause } from './pause.ts';

const FIRST_BYTES = 64 * 1024;
const MOST_BYTES = 256 * 1024;
const POLL_MS = 500;
const NEWLINE = 0x0a;

/**
 * Follows a text file: its end first, from the beginning of a line, or what follows byte `from`; then whatever is added.
 * A file that is not there yet is waited for; one that became shorter is read anew.
 */
export async function* tailLog(
  file: string,
  from: number | undefined,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<LogPart> {
  let at = from;
  while (!signal.aborted) {
    const part = await readPart(file, at);
    if (part !== undefined) {
      at = part.to;
      yield part;
      continue;
    }
    await pause(clock, POLL_MS, signal);
  }
}

/** What follows `from`; undefined when there is nothing new. */
async function readPart(file: string, from: number | undefined): Promise<LogPart | undefined> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    const isReset = from === undefined || from > size;
    const start = isReset ? Math.max(0, size - FIRST_BYTES) : from;
    if (start === size && !(isReset && from !== undefined)) return undefined;
    const bytes = Buffer.alloc(Math.min(size - start, MOST_BYTES));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    const read = bytes.subarray(0, bytesRead);
    const skipped = isReset && start > 0 ? read.indexOf(NEWLINE) + 1 : 0;
    const text = wholeCharacters(read.subarray(skipped));
    if (text.length === 0 && !isReset) return undefined;
    const begin = start + skipped;
    return { from: begin, to: begin + text.length, isReset, text: text.toString('utf8') };
  } finally {
    await handle.close();
  }
}

/** Leaves a character of UTF-8 whose last bytes are not there yet for the next time. */
function wholeCharacters(bytes: Buffer): Buffer {
  let lead = bytes.length - 1;
  while (lead >= 0 && lead > bytes.length - 4 && (bytes[lead]! & 0xc0) === 0x80) lead--;
  if (lead < 0) return bytes;
  const first = bytes[lead]!;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return lead + length > bytes.length ? bytes.subarray(0, lead) : bytes;
}

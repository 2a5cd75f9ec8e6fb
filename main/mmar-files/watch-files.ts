import { stat } from 'node:fs/promises';
import type { FileState } from '../../common/api/files.ts';
import { FaultError } from '../../common/fault.ts';
import type { Clock } from '../ports/clock.ts';
import { listFolder } from './list-folder.ts';
import { locateFile } from './locate-file.ts';
import { digestOf, readTextFile } from './text-file.ts';

/** How soon a change is noticed. */
const INTERVAL_MS = 1000;
/** How long a file has to stay as it is: a program that writes it piece by piece is waited for. */
const SETTLE_MS = 150;

/**
 * The state of each path of an MMAR, and then every change, until `signal` is aborted. Files are looked at again and
 * again: notifications of the system do not come from network drives, and miss files that are replaced.
 */
export async function* watchFiles(
  root: string,
  paths: readonly string[],
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<FileState> {
  const stamps = new Map<string, string>();
  const digests = new Map<string, string | null>();
  while (!signal.aborted) {
    for (const path of paths) {
      const stamp = await stampOf(root, path);
      if (stamps.get(path) === stamp) continue;
      if (stamps.has(path)) {
        await pause(SETTLE_MS, clock, signal);
        if ((await stampOf(root, path)) !== stamp) continue;
      }
      stamps.set(path, stamp);
      const digest = stamp === '' ? null : await digestAt(root, path, stamp);
      if (digests.has(path) && digests.get(path) === digest) continue;
      digests.set(path, digest);
      yield { path, digest };
    }
    await pause(INTERVAL_MS, clock, signal);
  }
}

/** Changes whenever a file may have changed; empty where none is. */
async function stampOf(root: string, path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino, mode } = await stat(await locateFile(root, path));
    return `${mtimeMs} ${size} ${ino} ${mode}`;
  } catch {
    return '';
  }
}

async function digestAt(root: string, path: string, stamp: string): Promise<string | null> {
  try {
    return (await readTextFile(root, path)).digest;
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    if (error.faults[0]?.code === 'file-missing') return null;
  }
  // No text: a folder is told by its entries, anything else by its stamp.
  const entries = await listFolder(root, path).catch(() => undefined);
  const names = entries?.entries.map(({ name, kind }) => `${kind} ${name}`).join('\n');
  return digestOf(Buffer.from(names ?? stamp));
}

function pause(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(delayMs, finish);
    signal.addEventListener('abort', finish, { once: true });
    function finish(): void {
      cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    }
  });
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomicSync } from '../node/write-atomic-sync.ts';
import { isSessionToken, makeSessionToken, type SessionToken } from './session-token.ts';

/**
 * The token of a server whose port was chosen: the same at every start, so that a window which stayed open comes back
 * after its server did. It lies in `<dataFolder>/serve-<port>.token`, which only the user may read; without the file the
 * next start has a new one.
 */
export function keepToken(dataFolder: string, port: number): SessionToken {
  const file = join(dataFolder, `serve-${port}.token`);
  const kept = readToken(file);
  if (kept !== undefined) return makeSessionToken(kept);
  const token = makeSessionToken();
  writeAtomicSync(file, `${token.text}\n`);
  return token;
}

function readToken(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return isSessionToken(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Real volumes beside the repository, which a fresh clone does not have. */
const SHARED_DATA = resolve(import.meta.dirname, '..', '..', 'shared', 'data');

/**
 * A file or folder of the optional data, or undefined, and then a line that says what is not tested and why.
 */
export function findSharedData(path: string, purpose: string): string | undefined {
  const found = resolve(SHARED_DATA, path);
  if (existsSync(found)) return found;
  console.warn(`SKIPPED: ${purpose}: there is no ../shared/data/${path} beside the repository`);
  return undefined;
}

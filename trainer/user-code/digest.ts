import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { CUSTOM_FOLDER } from './locate-user-class.ts';

/**
 * SHA-256 over the names and contents of everything in `custom/`: says which code was trusted. Undefined without the
 * folder.
 */
export function digestUserCode(mmarRoot: string): string | undefined {
  const custom = join(mmarRoot, CUSTOM_FOLDER);
  if (!existsSync(custom)) return undefined;
  const files = readdirSync(custom, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(custom, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(join(custom, file));
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

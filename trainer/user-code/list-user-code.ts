import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listForDigest, type CodeModules, type DigestedFile } from '../../common/user-code/import-gate.ts';

/** The folder of an MMAR that holds the user's own components. */
export const CUSTOM_FOLDER = 'custom';

const opened = new Map<string, CodeModules>();

/** The code of an MMAR as it was when this process looked at it first: what it may run. */
export function openUserCode(mmarRoot: string): CodeModules {
  const root = resolve(mmarRoot);
  const code = opened.get(root) ?? listUserCode(root);
  opened.set(root, code);
  return code;
}

/**
 * The files of `custom/` as they are now. A link to a file counts with what is there for the digest, and is no module; what
 * is behind a link to a folder is not looked at.
 */
export function listUserCode(mmarRoot: string): CodeModules {
  const root = realpathSync(mmarRoot);
  const custom = join(root, CUSTOM_FOLDER);
  const files: DigestedFile[] = [];
  const modules: Record<string, string> = {};
  for (const { file, isLink } of findFiles(custom)) {
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    files.push({ path: relative(root, file).split(sep).join('/'), sha256 });
    if (!isLink) modules[pathToFileURL(file).href] = sha256;
  }
  return {
    digest: createHash('sha256').update(listForDigest(files)).digest('hex'),
    mmarUrl: pathToFileURL(root + sep).href,
    modules,
  };
}

interface FoundFile {
  readonly file: string;
  readonly isLink: boolean;
}

/** Links to folders are not followed: a recursive `readdirSync` would. */
function findFiles(folder: string): readonly FoundFile[] {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): readonly FoundFile[] => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) return findFiles(file);
    const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    return isFile ? [{ file, isLink: entry.isSymbolicLink() }] : [];
  });
}

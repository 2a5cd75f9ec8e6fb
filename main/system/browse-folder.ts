import { mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { BrowsedEntry, BrowsedFolder } from '../../common/api/system.ts';
import { FaultError } from '../../common/fault.ts';
import { isMmar } from '../library/detect-mmar.ts';
import { withFileFaults } from '../node/file-fault.ts';

/** What is looked for. */
export interface BrowseRequest {
  readonly kind: 'folder' | 'file';
  /** Of files, without dots; any when empty. */
  readonly endings: readonly string[];
  /** Absolute; the first root when left out. */
  readonly path?: string | undefined;
}

/** A long listing would only be scrolled past. */
const MOST_ENTRIES = 2000;

/**
 * The folders and files of one folder, for the file browser in the page. It shows nothing outside the roots: links that
 * lead out of them are followed to where they lead, and refused there.
 *
 * @param roots absolute folders
 * @throws FaultError `path-not-allowed`, `file-missing`, `file-unreadable`
 */
export async function browseFolder(request: BrowseRequest, roots: readonly string[]): Promise<BrowsedFolder> {
  const path = resolve(request.path ?? roots[0]!);
  const root = await requireInside(path, roots);
  const entries = await withFileFaults(basename(path), () => readEntries(path, request));
  return {
    path,
    ...(path === root ? {} : { parent: dirname(path) }),
    entries: entries.slice(0, MOST_ENTRIES),
    leftOut: Math.max(0, entries.length - MOST_ENTRIES),
    roots: roots.map((folder) => ({ name: nameRoot(folder), path: folder })),
  };
}

/** Makes a folder; returns its absolute path. */
export async function makeFolder(parent: string, name: string, roots: readonly string[]): Promise<string> {
  await requireInside(resolve(parent), roots);
  if (basename(name) !== name || name === '.' || name === '..' || name.includes('\\'))
    throw new FaultError({
      code: 'path-not-allowed',
      message: `"${name}" is no name of a folder.`,
      allowed: 'one without / and \\',
    });
  const folder = join(resolve(parent), name);
  await withFileFaults(name, () => mkdir(folder));
  return folder;
}

/**
 * The root that a folder or file is in, links followed.
 *
 * @throws FaultError `path-not-allowed`, `file-missing`
 */
export async function requireInside(path: string, roots: readonly string[]): Promise<string> {
  const real = await withFileFaults(basename(path), () => realpath(path));
  for (const root of roots) {
    const realRoot = await realpath(root).catch(() => undefined);
    if (realRoot !== undefined && isWithin(realRoot, real)) return root;
  }
  throw new FaultError({
    code: 'path-not-allowed',
    file: basename(path),
    message: 'This is outside the places that the page may show.',
    allowed: 'the home, and the folders that the settings name',
  });
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

const nameRoot = (folder: string): string => (folder === homedir() ? 'Home' : basename(folder) || folder);

async function readEntries(path: string, { kind, endings }: BrowseRequest): Promise<BrowsedEntry[]> {
  const names = (await readdir(path)).filter((name) => !name.startsWith('.'));
  const read = await Promise.all(names.map((name) => readEntry(path, name)));
  return read
    .filter((entry) => entry !== undefined)
    .filter((entry) => entry.kind === 'folder' || (kind === 'file' && hasEnding(entry.name, endings)))
    .toSorted(
      (a, b) => Number(a.kind === 'file') - Number(b.kind === 'file') || compareNames(a.name, b.name),
    );
}

const compareNames = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare;

function hasEnding(name: string, endings: readonly string[]): boolean {
  if (endings.length === 0) return true;
  const lower = name.toLowerCase();
  return endings.some((ending) => lower.endsWith(`.${ending.toLowerCase()}`));
}

/** Undefined for what is neither file nor folder, or leads nowhere. */
async function readEntry(parent: string, name: string): Promise<BrowsedEntry | undefined> {
  const path = join(parent, name);
  try {
    const found = await stat(path);
    if (found.isDirectory()) return { name, path, kind: 'folder', isMmar: await isMmar(path) };
    if (found.isFile()) return { name, path, kind: 'file', isMmar: false, sizeBytes: found.size };
  } catch {
    // A broken link, or a file that vanished meanwhile.
  }
  return undefined;
}

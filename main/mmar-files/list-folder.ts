import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry } from '../../common/api/files.ts';
import { FaultError } from '../../common/fault.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { locateFile } from './locate-file.ts';

/** More entries of a folder than anybody looks through: folders of data have them. */
const MAX_ENTRIES = 1000;

/** What a folder of an MMAR holds: folders first, then files, each by name. Hidden entries are passed over. */
export async function listFolder(
  root: string,
  folder: string,
): Promise<{ readonly entries: FileEntry[]; readonly leftOut: number }> {
  return withFileFaults(folder === '' ? 'the MMAR' : folder, async () => {
    const location = await locateFile(root, folder);
    const names = (await readdir(location)).filter((name) => !name.startsWith('.')).sort(byName);
    const entries = await Promise.all(
      names.slice(0, MAX_ENTRIES).map((name) => describe(root, location, folder, name)),
    );
    const isFolder = ({ kind }: FileEntry): boolean => kind === 'folder';
    return {
      entries: [...entries.filter(isFolder), ...entries.filter((entry) => !isFolder(entry))],
      leftOut: Math.max(0, names.length - MAX_ENTRIES),
    };
  });
}

async function describe(root: string, location: string, folder: string, name: string): Promise<FileEntry> {
  const path = folder === '' ? name : `${folder}/${name}`;
  const other: FileEntry = { name, path, kind: 'other' };
  try {
    await locateFile(root, path);
    const found = await stat(join(location, name));
    const modifiedAt = found.mtime.toISOString();
    if (found.isDirectory()) return { name, path, kind: 'folder', modifiedAt };
    return found.isFile() ? { name, path, kind: 'file', sizeBytes: found.size, modifiedAt } : other;
  } catch (error) {
    // A link to nowhere or out of the MMAR, or a file that has just gone.
    if (error instanceof FaultError || error instanceof Error) return other;
    throw error;
  }
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare;

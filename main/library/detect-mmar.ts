import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Any of these makes a folder an MMAR: one whose train config is missing can be opened and mended. */
const MARKS = ['config/config_train.json', 'config/environment.json'];

/** How deep MMARs are looked for below a folder: `folder/collection/mmar`. */
const MAX_DEPTH = 2;
const MAX_FOUND = 200;

/** Whether the folder holds an MMAR, whatever state its files are in. */
export async function isMmar(folder: string): Promise<boolean> {
  const marks = await Promise.all(MARKS.map((mark) => isFile(join(folder, mark))));
  return marks.includes(true);
}

/** Whether the folder is there at all. */
export async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The MMARs in a folder and in its folders; those within an MMAR (jobs of its runs) are its own and left out. */
export async function findMmars(folder: string, depth = MAX_DEPTH): Promise<readonly string[]> {
  if (await isMmar(folder)) return [folder];
  if (depth === 0) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    found.push(...(await findMmars(join(folder, entry.name), depth - 1)));
    if (found.length >= MAX_FOUND) break;
  }
  return found.slice(0, MAX_FOUND);
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

const digestFile = z.record(z.string(), z.string());

/** How many files are read at once. */
const PARALLEL = 8;

/**
 * Compares the program behind, which lies outside of the archive, with what the archive says that it has to be: the
 * archive itself is checked by Electron where the platform can. A file that was changed, added or taken away is named.
 *
 * @param program absolute path of its folder
 * @param digests absolute path of program-digests.json: SHA-256 in base64 by path
 * @returns the files that are not as they were packed, by their paths within the program; empty when all is well
 */
export async function findChangedFiles(program: string, digests: string): Promise<string[]> {
  const expected = new Map(Object.entries(digestFile.parse(JSON.parse(await readFile(digests, 'utf8')))));
  const entries = await readdir(program, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(program, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const changed = files.filter((file) => !expected.has(file));
  const present = new Set(files);
  changed.push(...[...expected.keys()].filter((file) => !present.has(file)));
  const waiting = files.filter((file) => expected.has(file));
  const compare = async (): Promise<void> => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop())
      if ((await digest(join(program, file))) !== expected.get(file)) changed.push(file);
  };
  await Promise.all(Array.from({ length: PARALLEL }, compare));
  return changed.sort();
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64');
}

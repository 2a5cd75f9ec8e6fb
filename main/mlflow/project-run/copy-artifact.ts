import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { withFileFaults } from '../../node/file-fault.ts';
import { writeAtomic } from '../../node/write-atomic.ts';

/**
 * Copies a file among the artifacts, whole or not at all; one that has not changed since stays. False when there is no such
 * file.
 *
 * @throws FaultError for a disk that is full or read-only
 */
export async function copyArtifact(source: string, target: string): Promise<boolean> {
  const found = await stat(source).catch(() => undefined);
  if (found?.isFile() !== true) return false;
  const present = await stat(target).catch(() => undefined);
  if (present?.size === found.size && Math.abs(present.mtimeMs - found.mtimeMs) < 1) return true;
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  await withFileFaults(basename(target), async () => {
    try {
      await mkdir(dirname(target), { recursive: true });
      await copyFile(source, draft, constants.COPYFILE_FICLONE);
      await utimes(draft, found.atime, found.mtime);
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  });
  return true;
}

/** Writes a text among the artifacts, whole or not at all; the same text stays as it is. */
export async function writeArtifact(target: string, text: string): Promise<void> {
  if ((await readFile(target, 'utf8').catch(() => undefined)) === text) return;
  await withFileFaults(basename(target), async () => {
    await mkdir(dirname(target), { recursive: true });
    await writeAtomic(target, text);
  });
}

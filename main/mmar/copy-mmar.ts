import { constants } from 'node:fs';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { unwrap } from '../../common/fault.ts';
import { anchorDataPaths, readEnvironment } from '../../common/mmar/environment.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { writeAtomic } from '../node/write-atomic.ts';
import { listContent, type ContentChoice } from './archive/list-content.ts';
import { putInPlace } from './put-in-place.ts';
import { refuseExisting } from './refuse-existing.ts';

const ENVIRONMENT_FILE = 'config/environment.json';

export interface CopyRequest extends ContentChoice {
  /** Absolute path of the MMAR. */
  readonly from: string;
  /** Absolute path of the MMAR to be; it must not exist, or be empty. */
  readonly to: string;
}

/**
 * Makes a second MMAR of one: its own files, with models and images in its own folders unless told otherwise, without runs
 * unless told otherwise. Its
 * environment leads to the same data from where it stands. The folder appears complete or not at all.
 *
 * @returns how many files were copied
 * @throws FaultError `already-exists`, and for what cannot be read or written
 */
export async function copyMmar(request: CopyRequest): Promise<number> {
  const { from, to } = request;
  await refuseExisting(to);
  const { files } = await withFileFaults(basename(from), () =>
    listContent(from, { images: 'own-folders', withLogs: true, ...request }),
  );
  const draft = join(dirname(to), `.${basename(to)}.${randomUUID()}.new`);
  try {
    await withFileFaults(basename(to), async () => {
      await mkdir(draft, { recursive: true });
      for (const { path } of files) {
        await mkdir(dirname(join(draft, path)), { recursive: true });
        await copyFile(join(from, path), join(draft, path), constants.COPYFILE_FICLONE);
      }
      if (files.some(({ path }) => path === ENVIRONMENT_FILE)) await leadToData(from, to, draft);
      await putInPlace(draft, to);
    });
    return files.length;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Relative paths to data lead where they led; what is no environment is copied as it is. */
async function leadToData(from: string, to: string, draft: string): Promise<void> {
  const text = await readFile(join(from, ENVIRONMENT_FILE), 'utf8');
  const read = readEnvironment(text, ENVIRONMENT_FILE);
  if (!read.ok) return;
  const anchored = anchorDataPaths(unwrap(read), from, (root, path) =>
    isFixed(path) ? path : relative(to, resolve(root, path)).split(sep).join('/'),
  );
  if (JSON.stringify(anchored) === JSON.stringify(read.value)) return;
  await writeAtomic(join(draft, ENVIRONMENT_FILE), `${JSON.stringify(anchored, undefined, 2)}\n`);
}

const isFixed = (path: string): boolean =>
  path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('{');

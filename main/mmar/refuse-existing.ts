import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { FaultError } from '../../common/fault.ts';

/** Makes sure that a folder can be made: nothing of its name is there, or an empty folder. @throws FaultError */
export async function refuseExisting(folder: string): Promise<void> {
  let entries: readonly string[];
  try {
    entries = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new FaultError({
      code: 'already-exists',
      message: 'There is a file of that name.',
      file: basename(folder),
    });
  }
  if (entries.length > 0) {
    throw new FaultError({
      code: 'already-exists',
      message: 'The folder exists and is not empty.',
      file: basename(folder),
      allowed: 'a new folder, or an empty one',
    });
  }
}

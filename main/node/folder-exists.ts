import { stat } from 'node:fs/promises';

/** True for a folder that is there. */
export async function folderExists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

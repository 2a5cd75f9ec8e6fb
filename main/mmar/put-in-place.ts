import { rename, rmdir } from 'node:fs/promises';

/** Gives a folder that was made beside it its name. An empty folder of that name makes room. */
export async function putInPlace(draft: string, folder: string): Promise<void> {
  await rmdir(folder).catch(ignoreMissing);
  await rename(draft, folder);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

import { lstat, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { FaultError } from '../../common/fault.ts';

/**
 * The absolute path of a file of an MMAR, after every link on the way. The file need not exist.
 *
 * @param root absolute path of the MMAR
 * @param path relative, with `/` between its parts; empty for the MMAR itself
 * @throws FaultError `path-not-allowed` for a path that leads out of the MMAR, by its parts or by a link
 */
export async function locateFile(root: string, path: string): Promise<string> {
  if (path !== '' && !isPlainPath(path)) throw notAllowed(path, 'The path is no path within an MMAR.');
  const realRoot = await realpath(root);
  const found = await followLinks(join(realRoot, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ELOOP' || error.code === 'ENAMETOOLONG')
      throw notAllowed(path, 'The path leads nowhere.');
    throw error;
  });
  if (!isInside(realRoot, found)) throw notAllowed(path, 'The path leads out of the MMAR.');
  return found;
}

/** Names between slashes, none of which means another folder, here or on another system. */
function isPlainPath(path: string): boolean {
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part));
}

/** Follows the links of the part that exists; what is missing keeps its names. Rejects a link to nothing. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    if (await isLink(path)) throw Object.assign(new Error('a link to nothing'), { code: 'ELOOP' });
    return join(await followLinks(parent), path.slice(parent.length));
  }
}

const isLink = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function notAllowed(path: string, message: string): FaultError {
  return new FaultError({
    code: 'path-not-allowed',
    file: path,
    message,
    allowed: 'a path such as config/config_train.json',
  });
}

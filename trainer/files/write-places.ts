import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, basename, relative, resolve, sep } from 'node:path';
import { FaultError } from '../../common/fault.ts';

let places: readonly string[] | undefined;

/**
 * From now on this thread writes into these folders only, whatever configs say: a config may come with the MMAR of somebody
 * else, and the paths in it are its maker's. Without a call, as in tests of parts, everything may be written.
 *
 * @param folders absolute; the MMAR, and those that the user has named
 */
export function restrictWrites(folders: readonly string[] | undefined): void {
  places = folders?.map(followLinks);
}

/** What {@link restrictWrites} was told, for a thread that this one starts. */
export const writePlaces = (): readonly string[] | undefined => places;

/** @throws FaultError `path-not-allowed` for a path, absolute, that is not to be written or leads out by a link */
export function checkWritePlace(path: string): void {
  if (places === undefined || places.some((place) => isInside(place, followLinks(path)))) return;
  throw new FaultError({
    code: 'path-not-allowed',
    file: basename(path),
    message: 'It is outside the MMAR, and configs may not write there by themselves.',
    allowed:
      'a path within the MMAR; or --write_to FOLDER, or "outerloop mmar write-to", for a folder of your choice',
  });
}

/** The path with the links in the part of it that exists followed. */
function followLinks(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const parent = dirname(whole);
    return parent === whole ? whole : join(followLinks(parent), basename(whole));
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
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

/** As many links in a row as systems follow. */
const MOST_LINKS = 40;

/** The path with the links in it followed, also one to what is not there yet: a write would make it there. */
function followLinks(path: string, links = MOST_LINKS): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const parent = dirname(whole);
    if (parent === whole) return whole;
    const place = join(followLinks(parent, links), basename(whole));
    const isLink = lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return isLink && links > 0 ? followLinks(resolve(dirname(place), readlinkSync(place)), links - 1) : place;
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

import { appendFile, mkdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { FaultError, type Fault } from '../../../common/fault.ts';
import { withFileFaults } from '../../node/file-fault.ts';

const decision = z.object({
  mmar: z.string().describe('its folder'),
  folder: z.string().describe('outside of it'),
  isAllowed: z.boolean(),
  by: z.string(),
  at: z.iso.datetime(),
});
type Decision = z.output<typeof decision>;

/** The store of a user. @param dataFolder absolute path of what belongs to the user and to no MMAR */
export function openWritePlaces(dataFolder: string): WritePlaces {
  return new WritePlaces(join(dataFolder, 'write-places.jsonl'));
}

/**
 * Folders outside an MMAR that its configs may write into, by the user's decision: a config may come from somebody else, and
 * writes nowhere but into its MMAR by itself. One line of JSON each, only ever added.
 */
export class WritePlaces {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Absolute paths of folders. @param mmarRoot absolute path */
  async list(mmarRoot: string): Promise<readonly string[]> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    const allowed = new Set<string>();
    for (const line of text.split('\n')) {
      const found = parseDecision(line);
      if (found?.mmar !== mmarRoot) continue;
      if (found.isAllowed) allowed.add(found.folder);
      else allowed.delete(found.folder);
    }
    return [...allowed];
  }

  async decide(made: Decision): Promise<void> {
    await withFileFaults('write-places.jsonl', async () => {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await appendFile(this.#file, `${JSON.stringify(made)}\n`, { flush: true, mode: 0o600 });
    });
  }
}

/**
 * @param path absolute, that is going to be written
 * @param allowed folders outside the MMAR, absolute
 * @param where the config that names the path
 * @throws FaultError `path-not-allowed` for one that is outside all of them, or leads out by a link
 */
export async function requireWritePlace(
  path: string,
  mmarRoot: string,
  allowed: readonly string[],
  where: Pick<Fault, 'file' | 'path' | 'component' | 'argument'>,
): Promise<void> {
  const target = await followLinks(path);
  for (const folder of [mmarRoot, ...allowed]) if (isInside(await followLinks(folder), target)) return;
  throw new FaultError({
    ...where,
    code: 'path-not-allowed',
    message: `The config would write outside the MMAR, into "${basename(path)}".`,
    allowed: 'a path within the MMAR; or what "outerloop mmar write-to MMAR FOLDER" has allowed',
  });
}

/** As many links in a row as systems follow. */
const MOST_LINKS = 40;

/** The path with the links in it followed, also one to what is not there yet: a write would make it there. */
async function followLinks(path: string, links = MOST_LINKS): Promise<string> {
  const whole = resolve(path);
  try {
    return await realpath(whole);
  } catch {
    const parent = dirname(whole);
    if (parent === whole) return whole;
    const place = join(await followLinks(parent, links), basename(whole));
    const target = await readlink(place).catch(() => undefined);
    return target === undefined || links === 0
      ? place
      : followLinks(resolve(dirname(place), target), links - 1);
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function parseDecision(line: string): Decision | undefined {
  try {
    return decision.parse(JSON.parse(line));
  } catch {
    // a line that cannot be read allows nothing
    return undefined;
  }
}

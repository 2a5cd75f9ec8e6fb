import type { Fault } from '../../../common/fault.ts';

/** Longer names cannot be written on every system, once they stand in a folder. */
const MOST_NAME_BYTES = 240;
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;
// eslint-disable-next-line no-control-regex -- such names exist to deceive
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f<>:"|?*\\\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/**
 * What is wrong with the name of an archive's entry; undefined when it can be written on every system, and only below
 * the folder that the archive is unpacked to.
 */
export function checkEntryName(name: string): Fault | undefined {
  const problem = findProblem(name);
  if (problem === undefined) return undefined;
  return {
    code: 'archive',
    message: `The archive's entry ${JSON.stringify(name.slice(0, MOST_NAME_BYTES))} ${problem}.`,
    allowed: 'relative names with / that every system can write',
  };
}

function findProblem(name: string): string | undefined {
  if (name === '') return 'has no name';
  if (Buffer.byteLength(name) > MOST_NAME_BYTES) return `has a name of more than ${MOST_NAME_BYTES} bytes`;
  if (name !== name.normalize('NFC')) return 'has a name that is not in the normal form (NFC)';
  if (FORBIDDEN.test(name)) return 'has a character in its name that some system forbids';
  if (name.startsWith('/')) return 'is not below the folder';
  for (const part of name.split('/')) {
    if (part === '' || part === '.' || part === '..') return 'is not below the folder';
    if (/[. ]$/.test(part) || part.startsWith(' '))
      return 'has a name that ends with a dot or has a space at an end';
    if (DEVICE.test(part)) return 'has the name of a device of Windows';
  }
  return undefined;
}

/**
 * Makes sure that no two entries become one file where upper and lower case are the same, and that none needs a folder
 * where another is a file.
 */
export class EntryNames {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** Takes in the name of one more file; what is wrong with it beside the others. */
  add(name: string): Fault | undefined {
    const key = foldCase(name);
    const parts = key.split('/');
    const folders = parts.slice(1).map((_, depth) => parts.slice(0, depth + 1).join('/'));
    const clashes = this.#files.has(key) || this.#folders.has(key) || folders.some((f) => this.#files.has(f));
    if (clashes)
      return {
        code: 'archive',
        message: `The archive has a second entry for ${JSON.stringify(name)}, or one that differs in upper and lower case alone.`,
        allowed: 'each file once',
      };
    this.#files.add(key);
    for (const folder of folders) this.#folders.add(folder);
    return undefined;
  }
}

function foldCase(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase();
}

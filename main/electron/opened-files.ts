import { extname, resolve } from 'node:path';

/** The ending of a packed MMAR; electron-builder.yml associates it with the program. */
export const PACKED_ENDING = '.mmar';

/**
 * The packed MMARs that a command line names, absolute. A second start hands its command line to the first.
 *
 * @param args without the program itself
 * @param folder that relative paths start from
 */
export function findPackedFiles(args: readonly string[], folder: string): string[] {
  return args
    .filter((arg) => !arg.startsWith('-') && extname(arg).toLowerCase() === PACKED_ENDING)
    .map((arg) => resolve(folder, arg));
}

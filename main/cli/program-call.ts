import { join, relative, resolve } from 'node:path';

const bin = resolve(import.meta.dirname, '../../bin/outerloop');

/** How to call the program from the folder that the user is in: `./bin/outerloop` or its absolute path. */
export function programCall(folder = process.cwd()): string {
  const path = relative(folder, bin);
  return path.startsWith('..') || path === '' ? bin : join('.', path).replace(/^(?!\.)/, './');
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The scripts that a browser loads before the window can be used. */
export interface FirstLoad {
  /** By their paths within the built window. */
  readonly scripts: readonly string[];
  readonly bytes: number;
  readonly gzippedBytes: number;
}

/**
 * Follows the page's scripts and their static imports in the built window; what is imported when it is needed is not of
 * the first load, except the view that the window opens with.
 *
 * @param folder of the built window
 * @param openingView the name of the view that an empty address shows
 */
export function measureFirstLoad(folder: string, openingView = 'LibraryView'): FirstLoad {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const entries = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, file]) => file!);
  const seen = new Map<string, Buffer>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    const bytes = readFileSync(join(folder, file));
    seen.set(file, bytes);
    const code = bytes.toString('utf8');
    for (const [, name] of code.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g)) visit(`assets/${name}`);
    const view = new RegExp(`import\\(\\s*[\`"']\\./(${openingView}-[^\`"']+\\.js)`).exec(code)?.[1];
    if (view !== undefined) visit(`assets/${view}`);
  };
  for (const entry of entries) visit(entry);
  const all = [...seen.values()];
  return {
    scripts: [...seen.keys()],
    bytes: all.reduce((sum, { byteLength }) => sum + byteLength, 0),
    gzippedBytes: all.reduce((sum, bytes) => sum + gzipSync(bytes).byteLength, 0),
  };
}

if (process.argv[1] === import.meta.filename) {
  const { scripts, bytes, gzippedBytes } = measureFirstLoad(join(import.meta.dirname, '../../dist/renderer'));
  for (const script of scripts) console.log(script);
  console.log(`${scripts.length} scripts, ${bytes} bytes, ${gzippedBytes} gzipped`);
}

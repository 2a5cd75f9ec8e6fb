import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Bundled into Electron's part, or used by an install script only: the program behind does not load them. */
const LEFT_OUT = ['electron-store', 'adm-zip', 'global-agent'];

interface PackageFile {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * The folders of all packages that the program needs when it runs, relative to the repository, found as Node finds them.
 *
 * @throws Error when one is not installed
 */
export function findRuntimePackages(repository: string): string[] {
  const found = new Set<string>();
  const visit = (from: string): void => {
    const { dependencies = {} } = readPackage(from);
    for (const name of Object.keys(dependencies)) {
      if (LEFT_OUT.includes(name) || name.startsWith('@types/')) continue;
      const folder = locate(repository, from, name);
      if (found.has(folder)) continue;
      found.add(folder);
      visit(folder);
    }
  };
  visit(repository);
  return [...found].map((folder) => relative(repository, folder)).sort();
}

function readPackage(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile;
}

function locate(repository: string, from: string, name: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === repository) throw new Error(`${name}, which ${from} needs, is not installed.`);
  }
}

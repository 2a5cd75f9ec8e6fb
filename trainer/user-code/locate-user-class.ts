import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { FaultError, type Fault } from '../../common/fault.ts';
import type { CodeModules } from '../../common/user-code/import-gate.ts';
import { CUSTOM_FOLDER, openUserCode } from './list-user-code.ts';

/** Where a class of the user's is: plain data, so that another thread can load it too. */
export interface UserClassLocation {
  /** Absolute path of the module. */
  readonly file: string;
  readonly className: string;
  /** `module.Class` as the config writes it, for messages. */
  readonly path: string;
  /** All that it may import. */
  readonly code: CodeModules;
}

/** In this order, when there are several. */
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/**
 * The module that `module.Class` means: `custom/module.ts` (or .mts, .js, .mjs, .cjs), with `package.module.Class` in
 * `custom/package/`. What a link leads to must lie in `custom/` as well.
 *
 * @throws FaultError (code `user-code`) when there is no such module there
 */
export function locateUserClass(path: string, mmarRoot: string): UserClassLocation {
  const steps = path.split('.');
  const className = steps.at(-1)!;
  const custom = resolve(mmarRoot, CUSTOM_FOLDER);
  const module = join(custom, ...steps.slice(0, -1));
  const file = EXTENSIONS.map((extension) => module + extension).find(existsSync);
  const name = [CUSTOM_FOLDER, ...steps.slice(0, -1)].join('/');
  if (steps.length < 2 || steps.some((step) => !/^\w+$/.test(step))) throw new FaultError(wrongPath(path));
  if (file === undefined) throw new FaultError(missingModule(path, name));
  const real = realpathSync(file);
  if (!isWithin(real, realpathSync(custom))) throw new FaultError(outside(path, name));
  return { file: real, className, path, code: openUserCode(mmarRoot) };
}

function isWithin(file: string, folder: string): boolean {
  const way = relative(folder, dirname(file));
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) !== way);
}

const wrongPath = (path: string): Fault => ({
  code: 'user-code',
  message: `"${path}" is no path of a class.`,
  allowed: '"module.Class" for a class that custom/module.ts or custom/module.js exports',
});

const missingModule = (path: string, name: string): Fault => ({
  code: 'user-code',
  message: `The module of "${path}" is not there.`,
  allowed: EXTENSIONS.map((extension) => name + extension).join(', '),
});

const outside = (path: string, name: string): Fault => ({
  code: 'user-code',
  message: `The module of "${path}" (${name}) is a link that leads out of ${CUSTOM_FOLDER}/.`,
  allowed: `files within ${CUSTOM_FOLDER}/`,
});

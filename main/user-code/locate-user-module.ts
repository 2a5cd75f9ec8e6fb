import { existsSync, realpathSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { FaultError } from '../../common/fault.ts';

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/** The module and the class that `module.Class` means. */
export interface UserModule {
  /** Absolute path, links followed. */
  readonly file: string;
  readonly className: string;
}

/**
 * `module.Class` is the class `Class` of `custom/module.ts` (or .mts, .js, .mjs, .cjs), `package.module.Class` one of
 * `custom/package/`. Throws the fault `user-code` for anything that is not there or leads out of `custom/`.
 */
export function locateUserModule(path: string, mmarRoot: string): UserModule {
  const steps = path.split('.');
  const className = steps.pop()!;
  if (steps.length === 0 || ![...steps, className].every((step) => /^\w+$/.test(step))) {
    throw new FaultError({
      code: 'user-code',
      message: `"${path}" is no path of a class.`,
      allowed: '"module.Class" for a class that custom/module.ts or custom/module.js exports',
    });
  }
  const custom = resolve(mmarRoot, 'custom');
  const file = EXTENSIONS.map((extension) => join(custom, ...steps) + extension).find(existsSync);
  const name = ['custom', ...steps].join('/');
  if (file === undefined) {
    throw new FaultError({
      code: 'user-code',
      message: `The module of "${path}" is not there.`,
      allowed: EXTENSIONS.map((extension) => name + extension).join(', '),
    });
  }
  const real = realpathSync(file);
  if (real.startsWith(realpathSync(custom) + sep)) return { file: real, className };
  throw new FaultError({
    code: 'user-code',
    message: `The module of "${path}" (${name}) is a link that leads out of custom/.`,
    allowed: 'files within custom/',
  });
}

import { pathToFileURL } from 'node:url';
import { FaultError, type Fault } from '../../common/fault.ts';
import { suggestNames } from '../../common/mmar/nearest-names.ts';
import { guardImports } from './guard-imports.ts';
import type { UserClassLocation } from './locate-user-class.ts';
import type { Toolkit } from './toolkit.ts';

/** A class of the user's: made with the config's `args` and the toolkit. */
export type UserClass = new (args: Readonly<Record<string, unknown>>, toolkit: Toolkit) => object;

/**
 * Imports the module and takes the class out of it.
 *
 * @throws FaultError (code `user-code`) when the module fails or does not export the class
 */
export async function loadUserClass(location: UserClassLocation): Promise<UserClass> {
  const module = await importModule(location);
  const found = module[location.className];
  if (typeof found === 'function') return found as UserClass;
  const names = Object.keys(module);
  throw new FaultError({
    code: 'user-code',
    message: `The module of "${location.path}" exports no class "${location.className}".${suggestNames(location.className, names)}`,
    allowed: names.join(', ') || 'a named export, `export class ...`',
  });
}

async function importModule({ file, path, code }: UserClassLocation): Promise<Record<string, unknown>> {
  const url = pathToFileURL(file).href;
  if (!guardImports(code).holds(url)) throw new FaultError(unknownModule(path));
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    throw new FaultError(userCodeFault(`The module of "${path}" cannot be loaded`, error));
  }
}

const unknownModule = (path: string): Fault => ({
  code: 'user-code',
  message: `The module of "${path}" was not there when the code of the MMAR was looked at.`,
  allowed: 'a new start, after a new look at the code',
});

/** Makes an object of a user's class; what its constructor throws is a fault. */
export function constructUserObject(
  { path }: Pick<UserClassLocation, 'path'>,
  userClass: UserClass,
  args: Readonly<Record<string, unknown>>,
  toolkit: Toolkit,
): object {
  try {
    return new userClass(args, toolkit);
  } catch (error) {
    if (error instanceof FaultError) throw error;
    throw new FaultError(userCodeFault(`The constructor of "${path}" failed`, error));
  }
}

/** What went wrong in a user's code; of the error the message alone, since traces name folders. */
export function userCodeFault(what: string, error: unknown): Fault {
  return { code: 'user-code', message: `${what}: ${error instanceof Error ? error.message : String(error)}` };
}

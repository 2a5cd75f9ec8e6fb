import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, isAbsolute, relative, resolve } from 'node:path';
import { fail, succeed, type Result } from '../../../common/fault.ts';

/** A file as messages name it: relative to the MMAR, or, for one elsewhere, by its name alone. */
export function nameInMmar(mmarRoot: string, file: string): string {
  const path = relative(mmarRoot, resolve(mmarRoot, file));
  return path.startsWith('..') || isAbsolute(path) ? basename(file) : path.split('\\').join('/');
}

/** The text of a file of the MMAR (or of an absolute path); faults name it as {@link nameInMmar} does. */
export async function readMmarText(mmarRoot: string, file: string): Promise<Result<string>> {
  const name = nameInMmar(mmarRoot, file);
  try {
    return decode(await readFile(resolve(mmarRoot, file)), name);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return fail({ code: 'file-missing', file: name, message: 'The file is not there.' });
    }
    const message = UNREADABLE[code ?? ''] ?? `The file cannot be read (${code ?? 'unknown error'}).`;
    return fail({ code: 'file-unreadable', file: name, message });
  }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  EISDIR: 'A folder stands where a file is needed.',
  EACCES: 'The user may not read it.',
};

function decode(bytes: Uint8Array, file: string): Result<string> {
  try {
    return succeed(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    const message = 'It is no text in UTF-8.';
    return fail({ code: 'file-not-text', file, message, allowed: 'the file saved as UTF-8' });
  }
}

/** Endings of modules that user code may be written in. */
const MODULE_ENDINGS = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/** Whether a module that a component's `path` names is in the MMAR's custom/. */
export function hasUserModule(mmarRoot: string, path: string): boolean {
  const modulePath = path.split('.').slice(0, -1).join('/');
  return MODULE_ENDINGS.some((ending) => existsSync(resolve(mmarRoot, 'custom', `${modulePath}${ending}`)));
}

/** What {@link hasUserModule} looks for, in words. */
export function describeUserModule(path: string): string {
  const modulePath = path.split('.').slice(0, -1).join('/');
  return `custom/${modulePath}.ts or .js`;
}

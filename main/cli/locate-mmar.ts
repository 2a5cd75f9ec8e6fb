import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { FaultError, type Fault } from '../../common/fault.ts';
import { findMmars } from '../library/detect-mmar.ts';

const MOST_NAMED = 5;

/**
 * The MMAR that a command names, absolute.
 *
 * @throws FaultError `file-missing` for what is no MMAR, with those that are in the folder
 */
export async function locateMmar(path: string): Promise<string> {
  const root = resolve(path);
  const found = await stat(root).catch(() => undefined);
  if (found === undefined) throw noMmar(path, 'There is no such folder.');
  if (!found.isDirectory()) throw noMmar(path, describeFile(path));
  const config = await stat(join(root, 'config')).catch(() => undefined);
  if (config?.isDirectory() === true) return root;
  const inside = (await findMmars(root))
    .slice(0, MOST_NAMED)
    .map((folder) => join(path, relative(root, folder)));
  const message = 'This is no MMAR: it has no folder config/.';
  throw noMmar(path, message, inside.length === 0 ? undefined : inside.join(', '));
}

const describeFile = (path: string): string =>
  /\.(mmar|zip)$/i.test(path)
    ? 'This is a packed MMAR: "outerloop mmar unpack" makes a folder of it.'
    : 'This is a file.';

function noMmar(file: string, message: string, allowed = 'the folder of an MMAR'): FaultError {
  const fault: Fault = { code: 'file-missing', file, message, allowed };
  return new FaultError(fault);
}

import { isAbsolute, relative, resolve, sep } from 'node:path';
import { FaultError } from '../../common/fault.ts';
import type { JsonObject } from '../../common/json.ts';
import { anchorDataPaths } from '../../common/mmar/environment.ts';

/**
 * The environment of a job's MMAR, which stands deeper than the MMAR it comes from: relative data paths lead back to
 * where they led, and stay relative, so that the whole can be moved; absolute ones stay as they are. The MMAR's own
 * folders (`MMAR_...`) become the job's.
 *
 * @throws FaultError when the models of all jobs would be written to one folder outside the MMAR
 */
export function makeJobEnvironment(environment: JsonObject, mmarRoot: string, jobRoot: string): JsonObject {
  const anchored = anchorDataPaths(environment, mmarRoot, (root, path) =>
    isAbsolute(path) || path.includes('{') ? path : toConfigPath(relative(jobRoot, resolve(root, path))),
  );
  return Object.fromEntries(
    Object.entries(anchored).map(([name, value]) => [
      name,
      name.startsWith('MMAR_') && typeof value === 'string' && isAbsolute(value)
        ? bringInside(name, value, mmarRoot)
        : value,
    ]),
  );
}

/** An absolute path into the MMAR is meant as the job's own. */
function bringInside(name: string, path: string, mmarRoot: string): string {
  const inside = relative(mmarRoot, path);
  if (inside !== '' && !isOutside(inside)) return toConfigPath(inside);
  if (name !== 'MMAR_CKPT_DIR') return path;
  throw new FaultError({
    code: 'schema',
    file: 'config/environment.json',
    path: [name],
    message: 'The folder for models is outside the MMAR, so all jobs would write to the same one.',
    allowed: 'a path relative to the MMAR, such as models',
  });
}

/** True for a relative path that leads out, or to another drive. */
export function isOutside(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

/** Configs are read on every system. */
function toConfigPath(path: string): string {
  return path.split(sep).join('/');
}

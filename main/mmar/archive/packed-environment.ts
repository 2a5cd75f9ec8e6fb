import { resolve } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../../common/json.ts';
import { isInside } from './list-content.ts';

export const ENVIRONMENT_FILE = 'config/environment.json';

/** What stands for paths to a site's data, which stay at the site. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  DATA_ROOT: 'data',
  DATASET_JSON: 'data/dataset.json',
};

/** An environment as it is packed, and the variables whose paths were taken out of it. */
export interface PackedEnvironment {
  readonly text: string;
  readonly replaced: readonly string[];
}

/**
 * The environment without the paths that lead out of the MMAR to this site's data: they name folders, perhaps people, and
 * mean nothing elsewhere. Undefined when there is nothing to take out.
 */
export function packEnvironment(text: string, mmarRoot: string): PackedEnvironment | undefined {
  const environment = parseObject(text);
  if (environment === undefined) return undefined;
  const replaced = Object.keys(PLACEHOLDERS).filter((name) => {
    const path = environment[name];
    return typeof path === 'string' && !isInside(mmarRoot, resolve(mmarRoot, path));
  });
  if (replaced.length === 0) return undefined;
  const packed = {
    ...environment,
    ...Object.fromEntries(replaced.map((name) => [name, PLACEHOLDERS[name]!])),
  };
  return { text: `${JSON.stringify(packed, undefined, 2)}\n`, replaced };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const json = JSON.parse(text) as Json;
    return isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

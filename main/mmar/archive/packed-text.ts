import { dirname, join, resolve } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../../common/json.ts';
import { isInside } from './list-content.ts';

/** What stands for paths to a site's data, which stay at the site. */
const PLACEHOLDERS = { DATA_ROOT: 'data', DATASET_JSON: 'data/dataset.json' } as const;

/** The environment of the MMAR, of a job, and the one that a run began with. */
const ENVIRONMENT = /(^|\/)config\/environment\.json$/;
/** What a run began with. */
const SEARCHED = /(^|\/)searched\/(searched\.json|config\/environment\.json)$/;

/** A text as it is packed, and the variables whose paths were taken out of it. */
export interface PackedText {
  readonly text: string;
  readonly replaced: readonly string[];
}

/** True for a file that may hold paths to a site's data: {@link packText} is asked for it. */
export function mayNameData(path: string): boolean {
  return ENVIRONMENT.test(path) || SEARCHED.test(path);
}

/**
 * The text without the paths that lead out of the MMAR to this site's data: they name folders, perhaps people, and mean
 * nothing elsewhere. Undefined when there is nothing to take out.
 *
 * @param path of the file, relative to the MMAR, with `/`
 */
export function packText(path: string, text: string, mmarRoot: string): PackedText | undefined {
  const object = parseObject(text);
  if (object === undefined) return undefined;
  const folder = findBase(path, mmarRoot);
  const leadsOut = (value: Json | undefined): boolean =>
    typeof value === 'string' && !isInside(mmarRoot, resolve(folder, value));
  if (ENVIRONMENT.test(path)) {
    const names = keysOf(PLACEHOLDERS).filter((name) => leadsOut(object[name]));
    const packed = Object.fromEntries(names.map((name) => [name, PLACEHOLDERS[name]]));
    return names.length === 0 ? undefined : { text: format({ ...object, ...packed }), replaced: names };
  }
  const { data_list: list } = object;
  if (!isJsonObject(list) || !leadsOut(list.file)) return undefined;
  const packed = { ...object, data_list: { ...list, file: PLACEHOLDERS.DATASET_JSON } };
  return { text: format(packed), replaced: ['DATASET_JSON'] };
}

/** Where relative paths of the file begin: the MMAR or job that the file is of. What a run searched speaks of the MMAR. */
function findBase(path: string, mmarRoot: string): string {
  return SEARCHED.test(path) ? mmarRoot : join(mmarRoot, dirname(dirname(path)));
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const json = JSON.parse(text) as Json;
    return isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

const format = (json: JsonObject): string => `${JSON.stringify(json, undefined, 2)}\n`;

const keysOf = <Key extends string>(object: Readonly<Record<Key, unknown>>): Key[] =>
  Object.keys(object) as Key[];

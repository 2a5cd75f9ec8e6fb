import { isAbsolute } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../common/json.ts';
import type { MmarFiles } from '../files/mmar-files.ts';

/**
 * The config for files that are handed on: paths within the MMAR relative to it, of other absolute paths the last step
 * alone, since folders of a machine may name people.
 */
export function makePortable(config: JsonObject, files: MmarFiles): JsonObject {
  return portable(config) as JsonObject;

  function portable(value: Json): Json {
    if (typeof value === 'string')
      return isAbsolute(value) ? files.describe(value) : value.replaceAll(files.root, '.');
    if (Array.isArray(value)) return value.map(portable);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, portable(item)]));
  }
}

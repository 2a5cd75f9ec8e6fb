import { isJsonObject, type Json, type JsonPath, type JsonStep } from '../json.ts';

/** The value one step into another; undefined where there is none. */
export function stepIntoValue(value: Json | undefined, step: JsonStep): Json | undefined {
  if (Array.isArray(value)) return typeof step === 'number' ? (value[step] as Json | undefined) : undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined;
}

/** The value at a path. */
export function valueAt(value: Json | undefined, path: JsonPath): Json | undefined {
  return path.reduce<Json | undefined>(stepIntoValue, value);
}

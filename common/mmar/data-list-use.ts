import type { JsonObject } from '../json.ts';
import { DEFAULT_VARIABLES } from './variables.ts';

/** What an MMAR does with the cases under a key of its data list. */
export type DataListUse = 'train' | 'validate' | 'infer';

const USES = [
  ['TRAIN_DATALIST_KEY', 'train'],
  ['VAL_DATALIST_KEY', 'validate'],
  ['INFER_DATALIST_KEY', 'infer'],
] as const satisfies readonly (readonly [string, DataListUse])[];

/** The key of each use, as environment.json or its default says. */
export function keysByUse(environment: JsonObject): Readonly<Record<DataListUse, string>> {
  const entries = USES.map(([name, use]) => {
    const key = environment[name] ?? DEFAULT_VARIABLES[name];
    return [use, typeof key === 'string' ? key : ''] as const;
  });
  return Object.fromEntries(entries) as Record<DataListUse, string>;
}

/** What the cases under a key are used for; undefined for a key that nothing names. */
export function useOfKey(key: string, environment: JsonObject): DataListUse | undefined {
  const keys = keysByUse(environment);
  return USES.map(([, use]) => use).find((use) => keys[use] === key);
}

import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { scanComponents } from '../search-space/scan-components.ts';
import { SLOT_NAMES } from './outline-config.ts';
import { namesOf } from './search-names.ts';

/** `@slot` for every slot of a config. */
export function referencesTo(config: Json): readonly string[] {
  if (!isJsonObject(config)) return [];
  const { train, validate } = config;
  const sections = isJsonObject(train) ? [train, ...(isJsonObject(validate) ? [validate] : [])] : [config];
  const slots = new Set(sections.flatMap((section) => Object.keys(section)));
  return [...slots].filter((slot) => SLOT_NAMES.includes(slot)).map((slot) => `@${slot}`);
}

/** What a `ref` may name: aliases and classes of the train section. */
export function refTargetsOf(config: Json): readonly string[] {
  if (!isJsonObject(config) || !isJsonObject(config.train)) return [];
  const { components } = scanComponents({ train: config.train });
  const names = components.map(({ json, name }) => {
    const alias = typeof json.name === 'string' ? json.name.split('#')[1] : undefined;
    return alias ?? name;
  });
  return [...new Set(names)];
}

/** Names that a search publishes: aliases, and the args of first-level items. */
export function aliasesOf(config: Json): readonly string[] {
  if (!isJsonObject(config)) return [];
  const own = itemsOf(config).flatMap((item) => namesOf(item).map((name) => name.split('#').at(-1)!));
  const aliases = scanComponents(config).components.flatMap(({ json }) =>
    itemsOf(json).flatMap((item) => namesOf(item).flatMap((name) => name.split('#')[1] ?? [])),
  );
  return [...new Set([...own, ...aliases].map((name) => name.replace(/^@/, '')))];
}

const itemsOf = ({ search }: JsonObject): readonly JsonObject[] =>
  Array.isArray(search) ? search.filter((item: Json) => isJsonObject(item)) : [];

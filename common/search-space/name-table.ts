import type { Json, JsonObject } from '../json.ts';
import { DEFAULT_VARIABLES } from '../mmar/variables.ts';
import type { ReadContext, ReadItem } from './read-item.ts';

/** One searched value: an item, and which of its args. */
export interface Source {
  readonly item: ReadItem;
  readonly column: number;
}

/** Values by the names under which other places of the config may use them: aliases and first-level names. */
export type NameTable = ReadonlyMap<string, Source>;

/** Every searched value of the items, one per arg. */
export function sourcesOf(items: readonly ReadItem[]): readonly Source[] {
  return items.flatMap((item) => item.names.map((_, column) => ({ item, column })));
}

/** Collects what items publish. A name that is published twice is a fault. */
export function collectNames(items: readonly ReadItem[], context: ReadContext): NameTable {
  const table = new Map<string, Source>();
  for (const source of sourcesOf(items)) {
    for (const name of publishedNames(source)) {
      if (!table.has(name)) table.set(name, source);
      else reportTwice(name, source, context);
    }
  }
  return table;
}

/** The names that a source publishes: its alias, and at the first level the arg itself. */
export function publishedNames({ item, column }: Source): readonly string[] {
  const { name, alias } = item.names[column]!;
  const names = [...(item.owner === undefined ? [name] : []), ...(alias === undefined ? [] : [alias])];
  return [...new Set(names)];
}

function reportTwice(name: string, { item }: Source, context: ReadContext): void {
  context.report({
    code: 'search-duplicate',
    file: context.file,
    path: item.argsPath,
    ...(item.owner === undefined ? {} : { component: item.owner.name }),
    argument: name,
    message: `The name "${name}" is searched twice.`,
    allowed: 'one item per name',
  });
}

/** Settings that the framework itself reads, whether or not a config writes them down (use_amp: Clara 3.x). */
const FRAMEWORK_SETTINGS = new Set([...Object.keys(DEFAULT_VARIABLES), 'use_amp']);

const NO_PARAMETERS = new Set(['train', 'validate', 'search', 'lr_search', 'apply']);

/**
 * True for a first-level parameter: the config has it, uses it as `{name}`, or the framework knows it. Any other name
 * at the first level is a free one, which exists to be applied.
 */
export function isFirstLevelParameter(config: JsonObject, name: string): boolean {
  if (NO_PARAMETERS.has(name)) return false;
  return Object.hasOwn(config, name) || FRAMEWORK_SETTINGS.has(name) || usesVariable(config, `{${name}}`);
}

function usesVariable(value: Json, variable: string): boolean {
  if (typeof value === 'string') return value.includes(variable);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((item: Json) => usesVariable(item, variable));
}

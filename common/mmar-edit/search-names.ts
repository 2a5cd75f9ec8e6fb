import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { DISABLED_SHORTHAND, parseSearchedName } from '../search-space/search-item.ts';

/** The search item that gives an argument its value. */
export interface SearchOfArgument {
  /** The item, an entry of a `search` list. */
  readonly path: JsonPath;
  readonly item: JsonObject;
  /** Which of the item's args. */
  readonly column: number;
  /** All names that the item sets, as they are written: `prob#myProb`. */
  readonly names: readonly string[];
  readonly alias?: string;
}

/** The names that an item sets, as they are written. */
export function namesOf(item: JsonObject): readonly string[] {
  if (item.args === DISABLED_SHORTHAND) return ['@disabled'];
  if (typeof item.args === 'string') return [item.args];
  return Array.isArray(item.args) ? item.args.filter((name: Json) => typeof name === 'string') : [];
}

/**
 * Finds the item that searches an argument of a component, or with the config itself as owner a first-level value.
 *
 * @param name the argument; `@disabled` for the switch of the component
 */
export function findSearch(
  owner: JsonObject,
  ownerPath: JsonPath,
  name: string,
): SearchOfArgument | undefined {
  const items: readonly Json[] = Array.isArray(owner.search) ? owner.search : [];
  for (const [index, item] of items.entries()) {
    if (!isJsonObject(item)) continue;
    const names = namesOf(item);
    const column = names.findIndex((written) => parseSearchedName(written).name === name);
    if (column < 0) continue;
    const { alias } = parseSearchedName(names[column]!);
    return {
      path: [...ownerPath, 'search', index],
      item,
      column,
      names,
      ...(alias === undefined ? {} : { alias }),
    };
  }
  return undefined;
}

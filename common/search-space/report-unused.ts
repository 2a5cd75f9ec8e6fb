import type { JsonObject } from '../json.ts';
import { suggestNames } from '../mmar/nearest-names.ts';
import { isFirstLevelParameter, publishedNames, sourcesOf } from './name-table.ts';
import type { ReadContext, ReadItem } from './read-item.ts';

/** Reports aliases and free names that nothing applies: searching them would have no effect. */
export function reportUnused(
  items: readonly ReadItem[],
  used: ReadonlySet<string>,
  config: JsonObject,
  context: ReadContext,
): void {
  for (const source of sourcesOf(items)) {
    const { item, column } = source;
    const { name, alias } = item.names[column]!;
    const isParameter = item.owner === undefined && isFirstLevelParameter(config, name);
    const names = publishedNames(source);
    const unused = alias ?? (item.owner === undefined && !isParameter ? name : undefined);
    if (unused === undefined || names.some((published) => used.has(published))) continue;
    context.report({
      code: 'search-alias-unused',
      file: context.file,
      path: item.argsPath,
      ...(item.owner === undefined ? {} : { component: item.owner.name }),
      argument: unused,
      message: describeUnused(unused, alias === undefined, config),
      allowed: `"apply": {"<arg>": "${unused}"} in a component${alias === undefined ? ', or a first-level value of this name' : ''}`,
    });
  }
}

function describeUnused(name: string, isFree: boolean, config: JsonObject): string {
  if (!isFree) return `The alias "${name}" is never applied.`;
  const parameters = Object.keys(config).filter((key) => isFirstLevelParameter(config, key));
  return `"${name}" is no first-level value of the config, and no component applies it.${suggestNames(name, parameters)}`;
}

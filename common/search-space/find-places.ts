import type { Fault } from '../fault.ts';
import { formatJsonPath, isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { suggestNames } from '../mmar/nearest-names.ts';
import { isFirstLevelParameter, sourcesOf, type NameTable, type Source } from './name-table.ts';
import type { ReadContext, ReadItem } from './read-item.ts';
import type { ConfigComponent } from './scan-components.ts';
import { reportUnused } from './report-unused.ts';
import { stripAt } from './search-item.ts';

/** A spot of the config that receives a searched value. */
export interface Place {
  readonly source: Source;
  /** Where the value is written. */
  readonly path: JsonPath;
  /** Undefined at the first level. */
  readonly component: ConfigComponent | undefined;
  /** Where the config says so: an item's args or an entry of `apply`. */
  readonly statedAt: JsonPath;
}

/** The init args of a component by class name; undefined when the class is not known. */
export type KnownArguments = (componentName: string) => readonly string[] | undefined;

export interface PlaceContext extends ReadContext {
  readonly config: JsonObject;
  readonly knownArguments: KnownArguments | undefined;
}

/**
 * Every place that a searched value goes to: the arg itself and each `apply` of its name. Reports args that do not
 * exist, places with two values, names that are applied but not searched, and searched but never used.
 *
 * @param usedElsewhere names that conditions refer to
 */
export function findPlaces(
  items: readonly ReadItem[],
  components: readonly ConfigComponent[],
  names: NameTable,
  usedElsewhere: ReadonlySet<string>,
  context: PlaceContext,
): readonly Place[] {
  const applied = components.flatMap((component) => findApplied(component, names, context));
  const own = sourcesOf(items).flatMap((source) => findOwn(source, names, context));
  const used = new Set([...components.flatMap(appliedNames), ...usedElsewhere]);
  reportUnused(items, used, context.config, context);
  return dropDuplicates([...own, ...applied], context);
}

function findOwn(source: Source, table: NameTable, context: PlaceContext): readonly Place[] {
  const { owner, names, argsPath: statedAt } = source.item;
  const { name } = names[source.column]!;
  if (owner === undefined) {
    // A name that is searched twice has been reported; its first item stays.
    if (table.get(name)?.item !== source.item || !isFirstLevelParameter(context.config, name)) return [];
    return [{ source, path: [name], component: undefined, statedAt }];
  }
  const target = findTarget(owner, name, statedAt, context);
  return target === undefined ? [] : [{ source, path: target, component: owner, statedAt }];
}

function appliedNames({ json: { apply } }: ConfigComponent): readonly string[] {
  const aliases: readonly Json[] = isJsonObject(apply) ? Object.values(apply) : [];
  return aliases.flatMap((alias) => (typeof alias === 'string' ? [stripAt(alias)] : []));
}

function findApplied(component: ConfigComponent, names: NameTable, context: PlaceContext): readonly Place[] {
  const { apply } = component.json;
  if (apply === undefined) return [];
  const fault = { file: context.file, component: component.name };
  const path = [...component.path, 'apply'];
  if (!isJsonObject(apply) || !Object.values(apply).every((alias) => typeof alias === 'string')) {
    const allowed = '{"arg or @attribute": "alias"}';
    context.report({
      code: 'schema',
      ...fault,
      path,
      message: 'This is no map of args to aliases.',
      allowed,
    });
    return [];
  }
  return Object.entries(apply as Record<string, string>).flatMap(([key, alias]) => {
    const name = stripAt(alias);
    const statedAt = [...path, key];
    const source = names.get(name);
    const target = findTarget(component, key, statedAt, context);
    if (source === undefined)
      context.report({ ...fault, ...undeclared(name, names), path: statedAt, argument: key });
    if (source === undefined || target === undefined) return [];
    return [{ source, path: target, component, statedAt }];
  });
}

function undeclared(name: string, names: NameTable): Pick<Fault, 'code' | 'message' | 'allowed'> {
  const known = [...names.keys()];
  return {
    code: 'search-alias-undeclared',
    message: `Nothing that is searched is called "${name}".${suggestNames(name, known)}`,
    allowed: `${known.length === 0 ? '' : `${known.join(', ')}; `}"arg#${name}" in a component's search, or "${name}" in the args of a first-level item`,
  };
}

/** Where an arg or attribute of a component stands; undefined, with a fault reported, when it has no such thing. */
function findTarget(
  { name: component, json, path }: ConfigComponent,
  target: string,
  statedAt: JsonPath,
  context: PlaceContext,
): JsonPath | undefined {
  const isAttribute = target.startsWith('@');
  const key = stripAt(target);
  const known = isAttribute ? attributesOf(json) : argumentsOf(component, json, context);
  if (known === undefined || known.includes(key)) return [...path, ...(isAttribute ? [] : ['args']), key];
  context.report({
    code: 'search-unknown-argument',
    file: context.file,
    path: statedAt,
    component,
    argument: target,
    message: `${component} has no ${isAttribute ? 'attribute' : 'argument'} "${key}".${suggestNames(key, known)}`,
    allowed:
      known.map((name) => (isAttribute ? `@${name}` : name)).join(', ') || 'nothing: it has no arguments',
  });
  return undefined;
}

/** Keys of a component that say what it is and not how it is used. */
const NO_ATTRIBUTES = new Set(['name', 'path', 'args', 'search', 'apply', 'ref']);

function attributesOf(json: JsonObject): readonly string[] {
  return [...new Set(['disabled', ...Object.keys(json).filter((key) => !NO_ATTRIBUTES.has(key))])];
}

/** Undefined when anything may be an argument: the class is not known, or the user's own. */
function argumentsOf(
  component: string,
  json: JsonObject,
  context: PlaceContext,
): readonly string[] | undefined {
  const known = typeof json.path === 'string' ? undefined : context.knownArguments?.(component);
  if (known === undefined) return undefined;
  const args: Json | undefined = json.args;
  return [...new Set([...known, ...(isJsonObject(args) ? Object.keys(args) : [])])];
}

/** Keeps the first of places that are the same. */
function dropDuplicates(places: readonly Place[], context: PlaceContext): readonly Place[] {
  const first = new Map<string, Place>();
  for (const place of places) {
    const key = JSON.stringify(place.path);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, place);
    else if (earlier.source.item !== place.source.item || earlier.source.column !== place.source.column)
      reportDuplicate(place, earlier, context);
  }
  return [...first.values()];
}

function reportDuplicate({ path, statedAt, component }: Place, earlier: Place, context: PlaceContext): void {
  context.report({
    code: 'search-duplicate',
    file: context.file,
    path: statedAt,
    ...(component === undefined ? {} : { component: component.name }),
    argument: String(path.at(-1)),
    message: `${formatJsonPath(path)} gets a second searched value here; the first comes from ${formatJsonPath(earlier.statedAt)}.`,
    allowed: 'one searched value per argument',
  });
}

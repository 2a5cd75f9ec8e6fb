import type { Fault, FaultCode } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { faultsOfIssues } from '../mmar/schema-faults.ts';
import { formatPrl } from './prl.ts';
import { readTargets, type Range } from './read-targets.ts';
import type { ConfigComponent } from './scan-components.ts';
import {
  CLARA_DOMAINS,
  CLARA_TYPES,
  DISABLED_SHORTHAND,
  EXTENSION_KEYS,
  parseSearchedName,
  searchItemSchema,
  stripAt,
  type SearchedName,
  type SearchItem,
} from './search-item.ts';
import type { SearchParameter } from './search-space.ts';

/** Where an item stands. */
export interface ItemPlace {
  /** The component whose `search` holds the item; undefined at the first level. */
  readonly owner: ConfigComponent | undefined;
  /** 0-based place in the list. */
  readonly index: number;
  readonly path: JsonPath;
}

/** An item after reading, before names and conditions are looked up. */
export interface ReadItem extends ItemPlace {
  /** Where its args stand. */
  readonly argsPath: JsonPath;
  readonly names: readonly SearchedName[];
  readonly when: JsonObject;
  /** Without conditions and current value; undefined where the item is wrong: its names are still known. */
  readonly parameter: SearchParameter | undefined;
}

export interface ReadContext {
  readonly file: string;
  /** Clara's own grammar only. */
  readonly strict: boolean;
  readonly report: (fault: Fault) => void;
}

/** Reads one entry of a `search` list. Undefined, with faults reported, when not even its args can be told. */
export function readItem(json: Json, place: ItemPlace, context: ReadContext): ReadItem | undefined {
  const parsed = searchItemSchema.safeParse(prepareItem(json), { reportInput: true });
  if (!parsed.success) {
    const known = Object.keys(searchItemSchema.shape);
    faultsOfIssues(parsed.error, { ...locate(place, context), path: place.path, known }).forEach((fault) =>
      context.report({ ...fault, code: 'schema' }),
    );
    return undefined;
  }
  const item = parsed.data;
  const names = readNames(item, place);
  if (context.strict) refuseExtensions(item, place, context);
  if (!checkNames(names, place, context)) return undefined;
  const parameter = readParameter(item, names, place, context);
  return { argsPath: [...place.path, 'args'], ...place, names, when: item.when ?? {}, parameter };
}

/** Unfolds the shorthand, and drops keys that are commented out. */
function prepareItem(json: Json): Json {
  if (!isJsonObject(json)) return json;
  const item = Object.fromEntries(Object.entries(json).filter(([key]) => !key.startsWith('_')));
  if (item.args !== DISABLED_SHORTHAND) return item;
  return { type: 'enum', targets: [[true], [false]], ...item, args: ['@disabled'] };
}

function readNames({ args }: SearchItem, { owner }: ItemPlace): readonly SearchedName[] {
  const names = (typeof args === 'string' ? [args] : args).map(parseSearchedName);
  return owner === undefined ? names.map((name) => ({ ...name, name: stripAt(name.name) })) : names;
}

function checkNames(names: readonly SearchedName[], place: ItemPlace, context: ReadContext): boolean {
  const empty = names.some(({ name, alias }) => stripAt(name) === '' || alias === '');
  if (empty) {
    reportAt('schema', place, context, ['args'], {
      message: 'A name or alias is empty.',
      allowed: '"arg" or "arg#alias"',
    });
  }
  return !empty;
}

function readParameter(
  item: SearchItem,
  names: readonly SearchedName[],
  place: ItemPlace,
  context: ReadContext,
): SearchParameter | undefined {
  const read = readTargets(item, names.length);
  const problems = 'problems' in read ? read.problems : findSwitchProblems(names, read.range);
  for (const { inside, message, allowed } of problems) {
    reportAt('search-target', place, context, inside, {
      message,
      ...(allowed === undefined ? {} : { allowed }),
    });
  }
  if (problems.length > 0 || 'problems' in read) return undefined;
  const args = names.map(({ name }) => name);
  const component = place.owner?.path ?? [];
  const prl = formatPrl({ domain: item.domain, type: item.type, component, index: place.index, args });
  return { prl, domain: item.domain, args, conditions: [], ...read.range };
}

/** `@disabled` takes true and false only. */
function findSwitchProblems(names: readonly SearchedName[], range: Range) {
  const column = names.findIndex(({ name }) => name === '@disabled');
  if (column < 0) return [];
  const allowed = 'an enum of true and false, e.g. [[true], [false]]';
  if (!('choices' in range))
    return [{ inside: ['type'], message: `@disabled cannot be searched as ${range.type}.`, allowed }];
  return range.choices.flatMap((choice, index) =>
    typeof choice[column] === 'boolean'
      ? []
      : [
          {
            inside: ['targets', index],
            message: `${JSON.stringify(choice[column])} is no value of @disabled.`,
            allowed,
          },
        ],
  );
}

function refuseExtensions(item: SearchItem, place: ItemPlace, context: ReadContext): void {
  const refuse = (key: string, message: string, allowed: string): void =>
    reportAt('search-not-clara', place, context, [key], { message, allowed });
  if (!CLARA_TYPES.includes(item.type))
    refuse('type', `Clara has no type "${item.type}".`, CLARA_TYPES.join(', '));
  for (const key of EXTENSION_KEYS) {
    if (item[key] !== undefined) refuse(key, `Clara has no "${key}".`, 'domain, type, args, targets');
  }
  if (!CLARA_DOMAINS.includes(item.domain))
    refuse('domain', `Clara has no domain "${item.domain}".`, CLARA_DOMAINS.join(', '));
}

function reportAt(
  code: FaultCode,
  place: ItemPlace,
  context: ReadContext,
  inside: JsonPath,
  what: Pick<Fault, 'message' | 'allowed'>,
): void {
  context.report({ code, ...locate(place, context), path: [...place.path, ...inside], ...what });
}

function locate({ owner }: ItemPlace, { file }: ReadContext): Pick<Fault, 'file' | 'component'> {
  return { file, ...(owner === undefined ? {} : { component: owner.name }) };
}

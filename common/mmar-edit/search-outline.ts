import { findArgumentNames } from '../components/catalogue.ts';
import type { Fault } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { countCombinations, type Combinations } from '../search-space/count-combinations.ts';
import { readItems } from '../search-space/read-items.ts';
import type { ReadItem } from '../search-space/read-item.ts';
import { readSearchSpace } from '../search-space/read-search-space.ts';
import { scanComponents } from '../search-space/scan-components.ts';
import type { SearchParameter, SearchSpace } from '../search-space/search-space.ts';
import { variablesOf, type CheckContext } from './check-document.ts';

/** One search item in the tree of the panel. */
export interface SearchEntry {
  /** The item in the config. */
  readonly path: JsonPath;
  /** The component that holds it; undefined at the first level. */
  readonly component?: string;
  /** Where that component stands. */
  readonly componentPath: JsonPath;
  /** What it searches, without aliases. */
  readonly names: readonly string[];
  /** Undefined for an item that is wrong. */
  readonly parameter: SearchParameter | undefined;
  /** False for an item of a component that nothing enables: it has no effect. */
  readonly isUsed: boolean;
  /** In words: when it is searched. */
  readonly conditions: readonly string[];
  readonly faults: readonly Fault[];
  /** Items that are searched only for some values of this one. */
  readonly children: readonly SearchEntry[];
}

/** All that a config searches. */
export interface SearchOutline {
  readonly entries: readonly SearchEntry[];
  /** Undefined while something is wrong, and for a config that searches nothing. */
  readonly combinations: Combinations | undefined;
  readonly space: SearchSpace | undefined;
  /** Faults of no item in particular. */
  readonly faults: readonly Fault[];
}

/** The search items of a config as a tree: an item stands below the one that its condition names. */
export function outlineSearch(config: Json, context: CheckContext): SearchOutline {
  if (!isJsonObject(config)) return { entries: [], combinations: undefined, space: undefined, faults: [] };
  const { file, environment, trainsHere } = context;
  const read = readSearchSpace(config, {
    file,
    variables: variablesOf(config, environment),
    ...(trainsHere ? { knownArguments: findArgumentNames } : {}),
  });
  const faults = read.ok ? [] : read.faults.filter(({ code }) => code !== 'search-empty');
  const space = read.ok ? read.value : undefined;
  const items = readEveryItem(config, file);
  const used = new Set<Fault>();
  const flat = items.map((item) => {
    const own = faults.filter(({ path }) => path !== undefined && startsWith(path, item.path));
    own.forEach((fault) => used.add(fault));
    return makeEntry(item, own, space);
  });
  return {
    entries: nest(flat),
    combinations: space === undefined ? undefined : countCombinations(space),
    space,
    faults: faults.filter((fault) => !used.has(fault)),
  };
}

/** An item with what is needed to find its place in the tree. */
interface FlatEntry extends Omit<SearchEntry, 'children'> {
  readonly parent: string | undefined;
}

function readEveryItem(config: JsonObject, file: string): readonly ReadItem[] {
  const { components } = scanComponents(config);
  return readItems(config, components, { file, strict: false, report: () => undefined });
}

const startsWith = (path: JsonPath, start: JsonPath): boolean =>
  start.every((step, depth) => path[depth] === step);

function makeEntry(item: ReadItem, faults: readonly Fault[], space: SearchSpace | undefined): FlatEntry {
  const parameter = space?.parameters.find(({ prl }) => prl === item.parameter?.prl) ?? item.parameter;
  return {
    path: item.path,
    ...(item.owner === undefined ? {} : { component: item.owner.name }),
    componentPath: item.owner?.path ?? [],
    names: item.names.map(({ name }) => name),
    parameter,
    isUsed: space === undefined || space.parameters.some(({ prl }) => prl === item.parameter?.prl),
    conditions: space === undefined || parameter === undefined ? [] : describeConditions(parameter, space),
    faults,
    parent: parameter?.conditions[0]?.parent,
  };
}

function describeConditions({ conditions }: SearchParameter, { parameters }: SearchSpace): readonly string[] {
  return conditions.flatMap(({ parent, values }) => {
    const other = parameters.find(({ prl }) => prl === parent);
    if (other === undefined) return [];
    const shown = values.map((value) =>
      'choices' in other ? showChoice(other.choices[value]!) : String(value),
    );
    return [`${other.args.join(', ')} is ${shown.join(' or ')}`];
  });
}

/** A choice in a few words: `batch`, or `true, softmax` for several args. */
export function showChoice(choice: readonly Json[]): string {
  return choice.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ');
}

function nest(flat: readonly FlatEntry[]): readonly SearchEntry[] {
  const known = new Set(flat.flatMap(({ parameter }) => parameter?.prl ?? []));
  const below = (prl: string | undefined): readonly SearchEntry[] =>
    flat
      .filter(({ parent }) => (parent === undefined || !known.has(parent) ? undefined : parent) === prl)
      .map(({ parent: _, ...entry }) => ({
        ...entry,
        children: entry.parameter === undefined ? [] : below(entry.parameter.prl),
      }));
  return below(undefined);
}

/** Values of a parameter in a few words: `0.0001 to 0.01 (log)`, `batch | instance`. */
export function showRange(parameter: SearchParameter): string {
  if ('choices' in parameter) return parameter.choices.map(showChoice).join(' | ');
  const { min, max, log } = parameter;
  const step = parameter.type === 'int' && parameter.step !== 1 ? ` step ${parameter.step}` : '';
  return `${min} to ${max}${step}${log ? ', log' : ''}`;
}

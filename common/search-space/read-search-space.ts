import { fail, succeed, type Fault, type Result } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { DEFAULT_VARIABLES, firstLevelVariables, type Variables } from '../mmar/variables.ts';
import { checkAlternatives } from './check-alternatives.ts';
import { deriveConditions } from './derive-conditions.ts';
import { findPlaces, type KnownArguments, type Place } from './find-places.ts';
import { intersect } from './merge-conditions.ts';
import { collectNames } from './name-table.ts';
import { findNeverActive, orderParameters } from './order-parameters.ts';
import { readCurrent, resolveVariable } from './read-current.ts';
import { readConditions } from './read-conditions.ts';
import type { ReadContext, ReadItem } from './read-item.ts';
import { readItems } from './read-items.ts';
import { scanComponents, type ConfigComponent } from './scan-components.ts';
import { DISABLED_SHORTHAND, stripAt } from './search-item.ts';
import type { Condition, Prl, SearchParameter, SearchSpace } from './search-space.ts';

/** Where one value of a parameter is written. */
export interface Binding {
  readonly prl: Prl;
  /** Which of the parameter's args. */
  readonly column: number;
  /** In the train config. */
  readonly path: JsonPath;
}

/** A search space that knows its config: what makes a point of it a train config. */
export interface BoundSearchSpace extends SearchSpace {
  readonly bindings: readonly Binding[];
}

export interface ReadSearchSpaceOptions {
  /** Name of the config file, for messages. */
  readonly file: string;
  /** Clara's own grammar and meaning: extensions are refused, and no conditions are derived. Default false. */
  readonly strict?: boolean;
  /** Init args by class name. Without it, or for a class that it does not know, any arg may be searched. */
  readonly knownArguments?: KnownArguments;
  /** Beyond the config's own first-level values; only used to tell what the config holds now. */
  readonly variables?: Variables;
}

/**
 * Reads what a train config wants searched: the `search` of components and of the first level, `lr_search`, and
 * where `apply` sends the values. The config is read as it is written, before substitution, in any dialect
 * (docs/search-space.md; Clara: AutoML search space configuration).
 *
 * Fails with every fault that it finds; `search-empty` when nothing is searched.
 */
export function readSearchSpace(
  config: JsonObject,
  options: ReadSearchSpaceOptions,
): Result<BoundSearchSpace> {
  const faults: Fault[] = [];
  const { file, strict = false, knownArguments } = options;
  const variables = { ...DEFAULT_VARIABLES, ...firstLevelVariables(config), ...options.variables };
  const context: ReadContext = { file, strict, report: (fault) => faults.push(fault) };

  const scanned = scanComponents(config);
  scanned.misplaced.forEach((path) => context.report(misplacedFault(path, file)));
  const components = scanned.components.filter((component) => isUsed(component, variables));
  const items = readItems(config, components, context);
  const names = collectNames(items, context);
  const conditionNames = new Set(items.flatMap(({ when }) => Object.keys(when).map(stripAt)));
  const places = findPlaces(items, components, names, conditionNames, { ...context, config, knownArguments });
  const derived = strict ? new Map<ReadItem, readonly Condition[]>() : deriveConditions(items, places);

  const parameters = items.flatMap((item) => {
    const conditions = [...readConditions(item, items, names, context), ...(derived.get(item) ?? [])];
    return item.parameter === undefined
      ? []
      : [{ ...item.parameter, conditions: mergeConditions(conditions) }];
  });
  const ordered = finishParameters(parameters, items, context);
  if (faults.length > 0) return fail(...faults);
  if (ordered.length === 0) return fail(emptyFault(file));

  const current = ordered.map((parameter) => withCurrent(parameter, places, config, variables));
  const wrong = checkAlternatives({ config, components, places, parameters: current, variables, file });
  return wrong.length > 0
    ? fail(...wrong)
    : succeed({ parameters: current, bindings: places.map(bindingOf) });
}

/** False for a component that nothing can enable, itself or one around it: its search would have no effect. */
function isUsed({ json, inside }: ConfigComponent, variables: Variables): boolean {
  const isOff = resolveVariable(json.disabled, variables) === true && !isSwitched(json);
  return !isOff && (inside === undefined || isUsed(inside, variables));
}

function isSwitched({ apply, search }: JsonObject): boolean {
  if (isJsonObject(apply) && Object.hasOwn(apply, '@disabled')) return true;
  const items: readonly Json[] = Array.isArray(search) ? search : [];
  return items.some((item) => {
    const args = isJsonObject(item) ? item.args : undefined;
    const list: readonly Json[] = Array.isArray(args) ? args : [args ?? null];
    return list.some(
      (arg) => arg === DISABLED_SHORTHAND || (typeof arg === 'string' && /^@disabled(#|$)/.test(arg)),
    );
  });
}

function mergeConditions(conditions: readonly Condition[]): readonly Condition[] {
  return [...intersect(conditions)].map(([parent, values]) => ({ parent, values: [...values] }));
}

/** Parents first; conditions that can never hold are reported. */
function finishParameters(
  parameters: readonly SearchParameter[],
  items: readonly ReadItem[],
  context: ReadContext,
): readonly SearchParameter[] {
  const report = (prl: Prl, message: string, allowed: string): void => {
    const item = items.find(({ parameter }) => parameter?.prl === prl)!;
    const component = item.owner === undefined ? {} : { component: item.owner.name };
    context.report({
      code: 'search-condition',
      file: context.file,
      path: item.path,
      ...component,
      message,
      allowed,
    });
  };
  const ordered = orderParameters(parameters);
  if ('cycle' in ordered) {
    report(ordered.cycle[0]!, `Conditions lead in a circle: ${ordered.cycle.join(' needs ')}.`, 'no circle');
    return [];
  }
  for (const { prl } of findNeverActive(ordered.parameters)) {
    report(prl, 'The conditions of this item can never hold together.', 'values that some choice has');
  }
  return ordered.parameters;
}

function withCurrent(
  parameter: SearchParameter,
  places: readonly Place[],
  config: JsonObject,
  variables: Variables,
): SearchParameter {
  const current = readCurrent(parameter, places, config, variables);
  return current === undefined ? parameter : { ...parameter, current };
}

function bindingOf({ source, path }: Place): Binding {
  return { prl: source.item.parameter!.prl, column: source.column, path };
}

function misplacedFault(path: JsonPath, file: string): Fault {
  const key = String(path.at(-1));
  const allowed =
    key === 'search'
      ? 'in a component (an object with "name" or "path"), or at the first level'
      : 'in a component';
  return { code: 'schema', file, path, message: `"${key}" has no effect here.`, allowed };
}

function emptyFault(file: string): Fault {
  return {
    code: 'search-empty',
    file,
    message: 'The config searches nothing.',
    allowed: 'at least one "search" item in a component that is used, or at the first level',
  };
}

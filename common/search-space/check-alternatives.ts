import type { Fault } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { SINGLE_SLOTS } from '../mmar/component-grammar.ts';
import { componentName } from '../mmar/locate-component.ts';
import type { Variables } from '../mmar/variables.ts';
import { enumeratePoints } from './enumerate-points.ts';
import type { Place } from './find-places.ts';
import { resolveVariable } from './read-current.ts';
import type { Source } from './name-table.ts';
import type { ConfigComponent } from './scan-components.ts';
import type { Prl, SearchParameter, SearchValues } from './search-space.ts';

/** Switches that multiply to more than this are not gone through one by one. */
const MOST_POINTS = 10_000;

interface AlternativesContext {
  readonly config: JsonObject;
  readonly components: readonly ConfigComponent[];
  readonly places: readonly Place[];
  /** Parents first. */
  readonly parameters: readonly SearchParameter[];
  readonly variables: Variables;
  readonly file: string;
}

/** One alternative of a slot: switched by a searched value, or off or on for good. */
interface Alternative {
  readonly name: string;
  readonly isOff: boolean;
  readonly driver: Source | undefined;
}

/**
 * Checks that whatever is chosen, exactly one alternative of each slot is enabled (two losses switched by one item,
 * say). Each slot gives at most one fault, which names the first choice that breaks it.
 */
export function checkAlternatives(context: AlternativesContext): readonly Fault[] {
  return Object.entries(context.config).flatMap(([section, slots]) =>
    isJsonObject(slots)
      ? Object.entries(slots).flatMap(([slot, value]) =>
          SINGLE_SLOTS.has(slot) && Array.isArray(value) ? checkSlot(value, [section, slot], context) : [],
        )
      : [],
  );
}

function checkSlot(value: readonly Json[], path: JsonPath, context: AlternativesContext): readonly Fault[] {
  const alternatives = value.flatMap((json, index) => {
    if (!isJsonObject(json)) return [];
    const key = JSON.stringify([...path, index, 'disabled']);
    const driver = context.places.find((place) => JSON.stringify(place.path) === key)?.source;
    const isOff = resolveVariable(json.disabled, context.variables) === true;
    return [{ name: componentName(json) ?? '?', isOff, driver }];
  });
  // A slot that nothing switches is checked with the rest of the config.
  if (alternatives.every(({ driver }) => driver === undefined)) return [];
  for (const values of switchPoints(alternatives, context.parameters)) {
    const enabled = alternatives.filter((alternative) => !isDisabled(alternative, values));
    if (enabled.length !== 1) return [slotFault(enabled, values, path, context)];
  }
  return [];
}

/** The combinations of everything that switches the alternatives, and of what that depends on. */
function* switchPoints(
  alternatives: readonly Alternative[],
  parameters: readonly SearchParameter[],
): Generator<SearchValues> {
  const needed = new Set(alternatives.flatMap(({ driver }) => driver?.item.parameter?.prl ?? []));
  const chosen: SearchParameter[] = [];
  for (const parameter of parameters.toReversed()) {
    if (!needed.has(parameter.prl)) continue;
    parameter.conditions.forEach(({ parent }) => needed.add(parent));
    chosen.unshift(parameter);
  }
  let points = 0;
  for (const values of enumeratePoints({ parameters: chosen })) {
    if (++points > MOST_POINTS) return;
    yield values;
  }
}

function isDisabled({ isOff, driver }: Alternative, values: SearchValues): boolean {
  const parameter = driver?.item.parameter;
  const value = parameter === undefined ? undefined : values[parameter.prl];
  if (parameter === undefined || value === undefined || !('choices' in parameter)) return isOff;
  return parameter.choices[value]![driver!.column] === true;
}

function slotFault(
  enabled: readonly Alternative[],
  values: SearchValues,
  path: JsonPath,
  { parameters, file }: AlternativesContext,
): Fault {
  const slot = String(path.at(-1));
  const names = enabled.map(({ name }) => name).join(', ');
  const what = enabled.length === 0 ? `no "${slot}" is enabled` : `several "${slot}" are enabled (${names})`;
  const when = Object.entries(values)
    .map(([prl, value]) => `${prl} = ${describeChoice(prl, value, parameters)}`)
    .join(', ');
  return {
    code: enabled.length === 0 ? 'no-alternative-enabled' : 'several-alternatives-enabled',
    file,
    path,
    message: `With ${when}, ${what}.`,
    allowed: 'choices that leave exactly one alternative with @disabled false',
  };
}

function describeChoice(prl: Prl, value: number, parameters: readonly SearchParameter[]): string {
  const parameter = parameters.find((candidate) => candidate.prl === prl);
  return parameter !== undefined && 'choices' in parameter
    ? JSON.stringify(parameter.choices[value])
    : String(value);
}

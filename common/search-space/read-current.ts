import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import type { Variables } from '../mmar/variables.ts';
import type { Place } from './find-places.ts';
import { jsonEqual } from './json-equal.ts';
import type { SearchParameter } from './search-space.ts';

/**
 * What the config holds now for a parameter, as a search value: read where each arg's value would be written, with
 * `{name}` looked up. Undefined when the config says nothing, or something outside of the range.
 */
export function readCurrent(
  parameter: SearchParameter,
  places: readonly Place[],
  config: JsonObject,
  variables: Variables,
): number | undefined {
  const values = parameter.args.map((_, column) =>
    places
      .filter(({ source }) => source.item.parameter?.prl === parameter.prl && source.column === column)
      .map(({ path }) => readValue(config, path, variables))
      .find((value) => value !== undefined),
  );
  if ('choices' in parameter) {
    const index = parameter.choices.findIndex((choice) =>
      choice.every((value, column) => jsonEqual(value, values[column])),
    );
    return index < 0 ? undefined : index;
  }
  const value = values.find((candidate) => typeof candidate === 'number');
  if (value === undefined || value < parameter.min || value > parameter.max) return undefined;
  const onGrid = parameter.type === 'float' || (value - parameter.min) % parameter.step === 0;
  return onGrid ? value : undefined;
}

/** The value at a path with `{name}` looked up; an absent `disabled` is false. */
export function readValue(config: JsonObject, path: JsonPath, variables: Variables): Json | undefined {
  let value: Json | undefined = config;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)] as Json | undefined;
    else if (isJsonObject(value)) value = value[String(step)];
    else return undefined;
  }
  if (value === undefined && path.at(-1) === 'disabled') return false;
  return resolveVariable(value, variables);
}

/** `{name}` as a whole gives the variable's value; anything else stays as it is. */
export function resolveVariable(value: Json | undefined, variables: Variables): Json | undefined {
  const name = typeof value === 'string' ? /^\{(\w+)\}$/.exec(value)?.[1] : undefined;
  return name === undefined ? value : (variables[name] ?? undefined);
}

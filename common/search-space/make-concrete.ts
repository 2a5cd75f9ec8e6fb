import { FaultError } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import type { BoundSearchSpace } from './read-search-space.ts';
import { scanComponents, SEARCH_KEYS } from './scan-components.ts';
import type { ConcreteSearchValue, SearchSpace, SearchValues } from './search-space.ts';
import { validateValues } from './validate-values.ts';

export interface ConcreteConfig {
  readonly config: JsonObject;
  /** The point in the config's own terms. */
  readonly concrete: ConcreteSearchValue;
}

/**
 * Writes a point of the space into its train config: args, attributes and first-level values get theirs, and each
 * `apply` its alias's. What is not active keeps the value that the config has. The given config is left as it is.
 *
 * @param space as {@link readSearchSpace} read it from this config
 * @param options.removeSearchAugs leaves `search`, `apply` and `lr_search` out (Clara's `remove_search_augs`)
 * @throws FaultError `search-target` when `values` is no point of the space
 */
export function makeConcrete(
  config: JsonObject,
  space: BoundSearchSpace,
  values: SearchValues,
  options: { readonly removeSearchAugs: boolean },
): ConcreteConfig {
  const faults = validateValues(space, values);
  if (faults.length > 0) throw new FaultError(...faults);
  const concrete = makeConcreteValues(space, values);
  const written = space.bindings.reduce<JsonObject>((document, { prl, column, path }) => {
    const value = concrete[prl];
    if (value === undefined) return document;
    return writeAt(document, path, typeof value === 'number' ? value : value[column]!) as JsonObject;
  }, config);
  return { config: options.removeSearchAugs ? removeSearchAugs(written) : written, concrete };
}

/** The choice in place of its index; numbers as they are. */
export function makeConcreteValues({ parameters }: SearchSpace, values: SearchValues): ConcreteSearchValue {
  return Object.fromEntries(
    parameters.flatMap((parameter) => {
      const value = values[parameter.prl];
      if (value === undefined) return [];
      return [[parameter.prl, 'choices' in parameter ? parameter.choices[value]! : value]];
    }),
  );
}

/** The config without its search: a plain train config. */
export function removeSearchAugs(config: JsonObject): JsonObject {
  const plain = withoutSearch(config);
  return scanComponents(config).components.reduce<JsonObject>(
    (document, { path }) => updateAt(document, path, withoutSearch) as JsonObject,
    plain,
  );
}

function withoutSearch(json: Json | undefined): JsonObject {
  const keys: readonly string[] = SEARCH_KEYS;
  return Object.fromEntries(Object.entries(json as JsonObject).filter(([key]) => !keys.includes(key)));
}

function writeAt(json: Json | undefined, path: JsonPath, value: Json): Json {
  return updateAt(json, path, () => value);
}

/** A copy in which the value at `path` is replaced; objects on the way are made where they are missing. */
function updateAt(json: Json | undefined, path: JsonPath, update: (value: Json | undefined) => Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return update(json);
  if (Array.isArray(json))
    return json.map((item: Json, index) => (index === step ? updateAt(item, rest, update) : item));
  const object = isJsonObject(json) ? json : {};
  return { ...object, [step]: updateAt(object[step], rest, update) };
}

import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { componentName, looksLikeComponent } from '../mmar/locate-component.ts';

/** One component of a config as it is written, enabled or not. */
export interface ConfigComponent {
  /** Class name without alias. */
  readonly name: string;
  readonly path: JsonPath;
  readonly json: JsonObject;
  /** The component among whose arguments it stands. */
  readonly inside?: ConfigComponent;
}

export interface ScannedConfig {
  /** In the order of the config. */
  readonly components: readonly ConfigComponent[];
  /** `search` and `apply` that stand neither in a component nor, for `search`, at the first level. */
  readonly misplaced: readonly JsonPath[];
}

/** Keys of the first level and of components that AutoML reads and that training ignores. */
export const SEARCH_KEYS = ['search', 'apply', 'lr_search'] as const;

/**
 * Finds every component of a config, of whatever dialect, also those among the arguments of others. Keys that begin
 * with `_` are Clara's way to comment a block out: nothing is looked for there.
 */
export function scanComponents(config: JsonObject): ScannedConfig {
  const components: ConfigComponent[] = [];
  const misplaced: JsonPath[] = [];
  for (const [key, value] of Object.entries(config)) {
    if (key.startsWith('_') || key === 'search' || key === 'lr_search') continue;
    if (key === 'apply') misplaced.push([key]);
    else walkSection(value, [key]);
  }
  return { components, misplaced };

  function walkSection(value: Json, path: JsonPath): void {
    if (Array.isArray(value)) {
      value.forEach((item: Json, index) => walkSection(item, [...path, index]));
      return;
    }
    if (!isJsonObject(value)) return;
    if (componentName(value) !== undefined) return visit(value, path, undefined);
    for (const [key, item] of Object.entries(value)) {
      if (key === 'search' || key === 'apply') misplaced.push([...path, key]);
      else if (!key.startsWith('_')) walkSection(item, [...path, key]);
    }
  }

  function visit(json: JsonObject, path: JsonPath, inside: ConfigComponent | undefined): void {
    const component = { name: componentName(json)!, path, json, ...(inside === undefined ? {} : { inside }) };
    components.push(component);
    if (isJsonObject(json.args)) walkArguments(json.args, [...path, 'args'], component);
  }

  function walkArguments(value: Json, path: JsonPath, inside: ConfigComponent): void {
    if (Array.isArray(value)) {
      value.forEach((item: Json, index) => walkArguments(item, [...path, index], inside));
    } else if (isJsonObject(value)) {
      if (looksLikeComponent(value)) return visit(value, path, inside);
      for (const [key, item] of Object.entries(value)) walkArguments(item, [...path, key], inside);
    }
  }
}

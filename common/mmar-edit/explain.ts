import { isJsonObject, type Json } from '../json.ts';
import { componentSchema, trainConfigSchema } from '../mmar/component-grammar.ts';
import { environmentSchema } from '../mmar/environment.ts';
import { automlConfigSchema } from '../mmar/config-automl.ts';
import { dataListSchema } from '../mmar/data-list.ts';
import { searchItemSchema } from '../search-space/search-item.ts';
import { findComponentPlace } from './component-place.ts';
import { describeArguments, describeKeys, type ArgumentDescription } from './describe-argument.ts';
import type { TextPlace } from './find-node.ts';
import { titleOfSlot } from './outline-config.ts';
import { valueAt } from './step-into-value.ts';
import type { LanguageContext } from './suggestion.ts';

/** What is known of a key or a value, for a tooltip. */
export interface Explanation {
  readonly title: string;
  readonly text: string;
  /** Where its behaviour is defined. */
  readonly source?: string;
  readonly allowed?: string;
  readonly default?: Json;
  /** What `{name}` stands for. */
  readonly resolved?: Json;
}

/** Explains what stands at a place of a document; undefined where there is nothing to say. */
export function explain(place: TextPlace, context: LanguageContext): Explanation | undefined {
  const path = place.key === undefined ? place.path : [...place.path, place.key.key];
  return explainVariable(place, context) ?? explainPath(path, context);
}

function explainVariable(place: TextPlace, { variables }: LanguageContext): Explanation | undefined {
  if (place.isKeyPlace || place.node?.kind !== 'scalar' || typeof place.node.value !== 'string')
    return undefined;
  const name = /^\{(\w+)\}$/.exec(place.node.value)?.[1];
  if (name === undefined || !Object.hasOwn(variables, name)) return undefined;
  return { title: `{${name}}`, text: 'A variable.', resolved: variables[name]! };
}

function explainPath(path: TextPlace['path'], context: LanguageContext): Explanation | undefined {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  const { kind, value } = context;
  if (kind === 'environment') return explainKey(describeKeys(environmentSchema), path);
  if (kind === 'data_list') return explainKey(describeKeys(dataListSchema), path);
  if (kind === 'json' || kind === 'text') return undefined;
  const inSearch = path.lastIndexOf('search');
  if (inSearch >= 0)
    return explainKey(describeKeys(searchItemSchema), path.slice(inSearch + 2, inSearch + 3));
  const isAutoml = kind === 'config_automl';
  const parent = findComponentPlace(value, path.slice(0, -1), isAutoml);
  if (parent !== undefined) return explainInComponent(path, context);
  const known = isAutoml ? automlConfigSchema : trainConfigSchema;
  const key = kind === 'config_evaluation' ? undefined : explainKey(describeKeys(known), path);
  if (key !== undefined && key.text !== '') return key;
  const isComponent = isJsonObject(valueAt(value, path)) || Array.isArray(valueAt(value, path));
  return isComponent && typeof last === 'string' ? { title: titleOfSlot(last), text: '' } : undefined;
}

function explainInComponent(
  path: TextPlace['path'],
  { kind, value }: LanguageContext,
): Explanation | undefined {
  const found = findComponentPlace(value, path.slice(0, -1), kind === 'config_automl')!;
  const inside = path.slice(found.path.length);
  const { spec } = found;
  if (inside.length === 1 && inside[0] === 'name' && spec !== undefined) {
    const { name, summary, source } = spec;
    return { title: name, text: summary, source };
  }
  if (inside[0] === 'args' && inside.length >= 2)
    return spec === undefined ? undefined : explainKey(describeArguments(spec), [inside[1]!]);
  return explainKey(describeKeys(componentSchema), inside);
}

function explainKey(
  described: readonly ArgumentDescription[],
  path: TextPlace['path'],
): Explanation | undefined {
  const found = described.find(({ name }) => name === path[0]);
  if (found === undefined) return undefined;
  const { name, documentation, allowed, default: fallback } = found;
  return {
    title: name,
    text: documentation,
    ...(allowed === undefined ? {} : { allowed }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

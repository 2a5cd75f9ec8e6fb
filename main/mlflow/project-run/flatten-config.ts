import { resolve, sep } from 'node:path';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../common/json.ts';
import type { KeyValue } from '../../../common/mlflow/entities.ts';
import { substituteConfig } from '../../../common/mmar/config-source.ts';
import { makeDistinctKeys } from './tracked-names.ts';

/** What is no setting of a training: how the search wrote it. */
const SEARCH_KEYS = ['search', 'apply'];
const MOST_PARAMS = 500;

/**
 * A job's config as params: `config/train/loss/args/softmax = true`, with its variables filled in, without components that
 * are disabled. Lists of plain values are one param, as JSON.
 *
 * @param text the job's config_train.json
 * @returns empty when the text is no config
 */
export function flattenConfig(text: string, environment: JsonObject, mmarRoot: string): readonly KeyValue[] {
  const substituted = substituteConfig({
    config: text,
    file: 'config_train.json',
    environment,
    mmarRoot,
    joinPath: resolve,
  });
  if (!substituted.ok) return [];
  const leaves = [...findLeaves(substituted.value.json, ['config'])].slice(0, MOST_PARAMS);
  const keys = makeDistinctKeys(leaves.map(({ path }) => path.join('/')));
  return leaves.map(({ value }, index) => ({
    key: keys[index]!,
    value: formatParam(relate(value, mmarRoot)),
  }));
}

/** A path inside the MMAR as the config means it: that of another job differs in nothing but its place. */
function relate(value: Json, mmarRoot: string): Json {
  const isInside = typeof value === 'string' && value.startsWith(mmarRoot + sep);
  return isInside ? value.slice(mmarRoot.length + 1).replaceAll('\\', '/') : value;
}

/** A value as the text of a param, cut to what MLflow takes. */
export function formatParam(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.slice(0, MLFLOW_LIMITS.paramValueLength);
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: Json;
}

function* findLeaves(value: Json, path: readonly string[]): Generator<Leaf> {
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    if (!items.some(isJsonObject)) yield { path, value };
    else for (const [index, item] of items.entries()) yield* findLeaves(item, [...path, String(index + 1)]);
  } else if (!isJsonObject(value)) yield { path, value };
  else if (value.disabled !== true)
    for (const [key, item] of Object.entries(value))
      if (!SEARCH_KEYS.includes(key)) yield* findLeaves(item, [...path, key.replaceAll('/', '_')]);
}

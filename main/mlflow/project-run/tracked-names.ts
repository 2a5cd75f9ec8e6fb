import { createHash } from 'node:crypto';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import type { SearchSpace } from '../../../common/search-space/search-space.ts';

/**
 * A key that every MLflow takes, also one that keeps files (letters, digits, `_ . - /` and spaces): other characters become
 * `_`, an over-long key is cut and ends in a digest of the whole.
 */
export function asTrackedKey(text: string): string {
  const steps = text
    .split('/')
    .map((step) => step.replace(/[^\w.\- ]/g, '_').replace(/^\.+$/, '_'))
    .filter((step) => step !== '');
  const key = steps.join('/');
  const most = MLFLOW_LIMITS.keyLength;
  return key.length <= most ? key : `${key.slice(0, most - 9)}-${shortDigest(text)}`;
}

/** Keys for texts, in their order: texts that come to the same key get a digest of themselves behind it, all of them. */
export function makeDistinctKeys(texts: readonly string[]): readonly string[] {
  const keys = texts.map(asTrackedKey);
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return keys.map((key, index) =>
    counts.get(key) === 1
      ? key
      : `${key.slice(0, MLFLOW_LIMITS.keyLength - 9)}-${shortDigest(texts[index]!)}`,
  );
}

/** How the params begin that say what is tried. */
export const SEARCH_PARAMS = 'search/';

/** The params of each search item, one per arg, by PRL. */
export type SearchParamNames = ReadonlyMap<string, readonly string[]>;

/**
 * `search/<component>/<arg>`, e.g. `search/train.pre_transforms.8/prob` and `search/learning_rate`. Where two items of a
 * space would have the same name, both carry their PRL as well; the names are the same for all jobs of a run.
 */
export function nameSearchParams({ parameters }: SearchSpace): SearchParamNames {
  const all = parameters.flatMap(({ prl, args }) => args.map((arg) => ({ prl, short: shortName(prl, arg) })));
  const counts = new Map<string, number>();
  for (const { short } of all) counts.set(short, (counts.get(short) ?? 0) + 1);
  const keys = makeDistinctKeys(
    all.map(({ prl, short }) => (counts.get(short) === 1 ? short : `${short}/${prl}`)),
  );
  const names = new Map<string, string[]>();
  for (const [index, { prl }] of all.entries()) names.set(prl, [...(names.get(prl) ?? []), keys[index]!]);
  return names;
}

/** Of `transform.float.train.pre_transforms.#8$0:prob`: `search/train.pre_transforms.8/prob`. */
function shortName(prl: string, arg: string): string {
  const [, , component = ''] = /^([^.]*)\.[^.]*\.(.*)\$\d+:/.exec(prl) ?? [];
  const steps = component.replaceAll('#', '');
  return ['search', steps, arg.replace(/^@/, '')].filter((step) => step !== '').join('/');
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

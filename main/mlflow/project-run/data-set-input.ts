import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { JsonObject } from '../../../common/json.ts';
import type { Dataset, DatasetInput } from '../../../common/mlflow/entities.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import { casesOf, dataListKeys } from '../../../common/mmar/data-list.ts';
import { parseJsonObject } from '../../../common/mmar/parse-json.ts';

/** Characters of a digest; MLflow's own have eight and it takes 36. */
const DIGEST_LENGTH = 16;

/**
 * The data list of an MMAR as inputs of a run, one per list that is used: a name, a digest of the list and the number of its
 * cases, never a path or the name of a file of a case. Empty when the list cannot be read.
 *
 * The digest is of the list's text alone: other images under the same names have the same.
 */
export async function describeDataSets(
  environment: JsonObject,
  mmarRoot: string,
): Promise<readonly DatasetInput[]> {
  const path = environment.DATASET_JSON;
  if (typeof path !== 'string' || path === '') return [];
  const text = await readFile(resolve(mmarRoot, path), 'utf8').catch(() => undefined);
  const parsed = text === undefined ? undefined : parseJsonObject(text, basename(path));
  if (parsed?.ok !== true) return [];
  const list = parsed.value;
  const digest = createHash('sha256').update(text!).digest('hex').slice(0, DIGEST_LENGTH);
  const counts = countCases(list);
  return usedKeys(environment).flatMap(([context, key]) => {
    if (counts[key] === undefined) return [];
    const dataset = {
      name: `data-list/${key}`.slice(0, 500),
      digest,
      source_type: 'outerloop',
      source: JSON.stringify({ data_list_sha256: digest }),
      profile: JSON.stringify({ num_cases: counts[key] }),
    };
    return [{ dataset, tags: [{ key: MLFLOW_TAGS.dataContext, value: context }] }];
  });
}

/** The data set that trainings of these are measured on. */
export function findValidation(inputs: readonly DatasetInput[]): Dataset | undefined {
  return inputs.find(({ tags }) => tags.some(({ value }) => value === VALIDATION))?.dataset;
}

const VALIDATION = 'validation';

function usedKeys(environment: JsonObject): readonly (readonly [string, string])[] {
  const text = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback);
  return [
    ['training', text(environment.TRAIN_DATALIST_KEY, 'training')],
    [VALIDATION, text(environment.VAL_DATALIST_KEY, 'validation')],
  ];
}

function countCases(list: JsonObject): Readonly<Record<string, number>> {
  return Object.fromEntries(
    dataListKeys(list).flatMap((key) => {
      const cases = casesOf(list, key, '');
      return cases.ok ? [[key, cases.value.length]] : [];
    }),
  );
}

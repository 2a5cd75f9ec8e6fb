import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClassScores } from '../../common/api/results.ts';
import { trainStats } from '../../common/mmar/train-stats.ts';
import { namesIn, openDataList } from '../mmar-files/survey-data-list.ts';

/**
 * The key metric of a job's best epoch for each class, named as the data list names them: from the job's train_stats.json.
 * Undefined where the training did not validate, has no classes, or is another's that does not say.
 *
 * @param jobRoot absolute path of the job's MMAR
 */
export async function readClassScores(jobRoot: string): Promise<ClassScores | undefined> {
  const stats = trainStats.safeParse(await readJson(join(jobRoot, 'models/train_stats.json'))).data;
  const metric = stats?.key_metric;
  const best = stats?.validation.find(({ epoch }) => epoch === stats.best_epoch);
  const scores = metric === undefined ? undefined : best?.per_class?.[metric];
  if (metric === undefined || best === undefined || scores === undefined || scores.length === 0)
    return undefined;
  const names = await readLabelNames(jobRoot);
  const first = best.first_class?.[metric] ?? guessFirst(scores.length, names);
  return {
    metric,
    epoch: best.epoch,
    classes: scores.map((score, index) => {
      const number = first + index;
      const name = names[String(number)];
      return { number, score, ...(name === undefined ? {} : { name }) };
    }),
  };
}

/** Stats of older versions do not say whether the background counts. */
function guessFirst(count: number, names: Readonly<Record<string, string>>): number {
  return Object.keys(names).length === count ? 0 : 1;
}

/** A data list that names no labels, or cannot be read, leaves classes with their numbers. */
async function readLabelNames(jobRoot: string): Promise<Readonly<Record<string, string>>> {
  return namesIn((await openDataList(jobRoot)).json.labels) ?? {};
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

import { join } from 'node:path';
import type { ClassScores } from '../../../common/api/results.ts';
import type { RunSummary } from '../../../common/run/run-observation.ts';
import { countOf, formatNumber, formatSeconds, formatTable, quoteWord } from '../format.ts';
import { describeValues } from './describe-job.ts';

/** The best jobs first, as a table; `most` rows at the most. */
export function describeLeaderboard(summary: RunSummary, most = 20): string[] {
  const rows = summary.jobs
    .slice(0, most)
    .map(({ job, state, score, bestEpoch, seconds, concrete }, index) => [
      String(index + 1),
      job,
      state === 'completed' ? formatNumber(score) : state,
      bestEpoch === undefined ? '—' : String(bestEpoch),
      formatSeconds(seconds),
      describeValues(concrete),
    ]);
  if (rows.length === 0) return ['No job has ended.'];
  const rest = summary.jobs.length - rows.length;
  const table = formatTable(['#', 'job', 'score', 'epoch', 'time', 'tried'], rows);
  return rest > 0 ? [...table, `and ${countOf(rest, 'job')} more in leaderboard.csv`] : table;
}

/** The best job's score for each class; nothing where its training does not say. */
export function describeClasses(scores: ClassScores | undefined): string[] {
  if (scores === undefined) return [];
  const rows = scores.classes.map(({ number, name = '', score }) => [
    String(number),
    name,
    formatNumber(score ?? undefined),
  ]);
  return [
    `${scores.metric} of the best job per class, in epoch ${scores.epoch}:`,
    ...formatTable(['class', 'label', 'score'], rows),
    '',
  ];
}

/** What a search was called with that going on with it needs again. */
interface SearchCall {
  readonly automlConf?: string | undefined;
  readonly trust?: boolean | undefined;
}

/** What the user can do with a run that has ended. `outerloop` is how to call the program. */
export function describeNextSteps(
  summary: RunSummary,
  mmarRoot: string,
  outerloop: string,
  { automlConf, trust }: SearchCall = {},
): string[] {
  if (summary.resumable) {
    const config = automlConf === undefined ? '' : ` --automlconf ${quoteWord(automlConf)}`;
    const trusted = trust === true ? ' --trust' : '';
    return [
      `Go on with it:   ${quoteWord(outerloop)} automl -m ${quoteWord(mmarRoot)}${config} --set run_id=${summary.runId} --resume${trusted}`,
    ];
  }
  if (summary.best === undefined) return [];
  const best = join(summary.runFolder, 'best');
  const call = (command: string, rest: string): string =>
    `${quoteWord(outerloop)} ${command} -m ${quoteWord(best)} ${rest}`;
  return [
    `Best job:        ${summary.best.job}, score ${formatNumber(summary.best.score)}`,
    `Its MMAR:        ${best}`,
    `Its model:       ${join(best, 'models', 'model.pt')} and model.onnx`,
    `Measure it:      ${call('evaluate', '-c config/config_validation.json -e config/environment.json')}`,
    `Train it longer: ${call('train', '-c config/config_train.json -e config/environment.json --write_train_stats --set epochs=100')}`,
    `All jobs:        ${join(summary.runFolder, 'leaderboard.csv')}`,
  ];
}

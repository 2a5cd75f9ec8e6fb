import type { KeyValue } from '../../../common/mlflow/entities.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import type { JobRecord } from '../../../common/run/job-record.ts';
import type { JournalEventOf } from '../../../common/run/journal-event.ts';
import type { SearchParameter, SearchSpace } from '../../../common/search-space/search-space.ts';
import { makeLeaderboard } from '../../automl/leaderboard.ts';
import { formatParam } from './flatten-config.ts';
import { asTrackedKey, makeDistinctKeys, type SearchParamNames } from './tracked-names.ts';

/** Rows of the leaderboard in the search's description. */
const NOTED_JOBS = 10;

/** What every run of ours says of where it came from. */
export function describeOrigin(mmar: string, run: string): readonly KeyValue[] {
  return [
    { key: MLFLOW_TAGS.sourceType, value: 'LOCAL' },
    { key: MLFLOW_TAGS.sourceName, value: 'outerloop' },
    { key: OUTERLOOP_TAGS.mmar, value: mmar },
    { key: OUTERLOOP_TAGS.run, value: run },
  ];
}

/** Params of the search itself: who searches, with what, and what was set. */
export function describeCreation(event: JournalEventOf<'run_created'>): readonly KeyValue[] {
  const { identity, host, settings } = event;
  const said: Record<string, unknown> = {
    controller: identity.controller,
    executor: identity.executor,
    handlers: identity.handlers.join(', '),
    seed: identity.seed,
    num_workers: identity.numWorkers,
    workers: host.workers,
    trusted: identity.trusted,
    ...Object.fromEntries(Object.entries(host.versions).map(([name, text]) => [`versions/${name}`, text])),
    ...Object.fromEntries(Object.entries(settings).map(([name, text]) => [`settings/${name}`, text])),
  };
  const keys = makeDistinctKeys(Object.keys(said));
  return Object.values(said).map((value, index) => ({
    key: keys[index]!,
    value: formatParam(String(value)),
  }));
}

/** The search space as params: what is tried under the name that it has in each job. */
export function describeSpace(space: SearchSpace, names: SearchParamNames): readonly KeyValue[] {
  return space.parameters.flatMap((parameter) =>
    names.get(parameter.prl)!.map((name, column) => ({
      key: asTrackedKey(`space/${name.replace(/^search\//, '')}`),
      value: formatParam(describeRange(parameter, column)),
    })),
  );
}

function describeRange(parameter: SearchParameter, column: number): string {
  if ('choices' in parameter) return JSON.stringify(parameter.choices.map((choice) => choice[column]));
  const { min, max, log } = parameter;
  const step = parameter.type === 'int' && parameter.step !== 1 ? ` step ${parameter.step}` : '';
  return `${min} .. ${max}${step}${log ? ' log' : ''}`;
}

/** Params of a job: the values that it tries. */
export function describeValues({ concrete }: JobRecord, names: SearchParamNames): readonly KeyValue[] {
  return Object.entries(concrete).flatMap(([prl, value]) => {
    const keys = names.get(prl) ?? [asTrackedKey(`search/${prl}`)];
    const values = typeof value === 'number' ? [value] : value;
    return keys.flatMap((key, column) =>
      values[column] === undefined ? [] : [{ key, value: formatParam(values[column]) }],
    );
  });
}

/** Tags of a job, as far as they are known at its start. */
export function describeJob(record: JobRecord): readonly KeyValue[] {
  const said = {
    [OUTERLOOP_TAGS.kind]: 'job',
    [OUTERLOOP_TAGS.job]: record.job,
    [OUTERLOOP_TAGS.worker]: record.worker,
    [OUTERLOOP_TAGS.devices]: record.devices.length === 0 ? 'cpu' : record.devices.join(','),
    [OUTERLOOP_TAGS.round]: record.round,
    [OUTERLOOP_TAGS.recommendation]: record.recommendationId,
    [OUTERLOOP_TAGS.attempts]: record.attempts,
    [OUTERLOOP_TAGS.status]: 'running',
  };
  return Object.entries(said).map(([key, value]) => ({ key, value: String(value) }));
}

/** The best jobs so far, as MLflow shows it above a run: Markdown. */
export function describeLeaderboard(run: string, jobs: readonly JobRecord[]): string {
  const ended = jobs.filter(({ state }) => state !== 'running' && state !== 'interrupted');
  const rows = makeLeaderboard(ended)
    .slice(0, NOTED_JOBS)
    .map(
      ({ rank, job, status, score }) =>
        `| ${rank} | ${job} | ${status} | ${formatScore(ended, job, score)} |`,
    );
  const head = `AutoML run **${run}**: ${ended.length} of ${jobs.length} jobs have ended.`;
  return rows.length === 0
    ? head
    : [head, '', '| rank | job | status | score |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function formatScore(jobs: readonly JobRecord[], name: string, score: number): string {
  return jobs.find(({ job }) => job === name)?.score === undefined ? '-' : score.toFixed(4);
}

import type { TrackedRun, TrackedRunStatus, TrackingColumns } from '../../../common/api/tracking.ts';
import { formatDuration, formatNumber, formatWhen } from '../../ui/format.ts';
import type { Sorting, TableColumn } from '../../ui/table-column.ts';

/** How many metrics and params a table shows before the user has chosen. */
const shownAtFirst = 3;

/** Scores before losses before what else there is; what the machine used stands last. */
const metricRanks: readonly RegExp[] = [/^score$/, /^best/, /^val/, /^train/, /^(?!system\/)/, /^/];
/** What was searched before what was the same for all. */
const paramRanks: readonly RegExp[] = [/^search\//, /^(?!config\/)/, /^/];

function rank(names: readonly string[], ranks: readonly RegExp[]): readonly string[] {
  const of = (name: string): number => ranks.findIndex((pattern) => pattern.test(name));
  return names.toSorted((a, b) => of(a) - of(b));
}

/** The columns of a table of runs: what every run has, then each metric, param and tag that one of them has. */
export function makeRunColumns({
  metrics,
  params,
  tags,
}: TrackingColumns): readonly TableColumn<TrackedRun>[] {
  return [
    { key: 'name', title: 'Run', value: ({ name }) => name, width: 190, isFixed: true },
    { key: 'status', title: 'Status', value: ({ status }) => statusLabels[status], width: 104 },
    {
      key: 'started',
      title: 'Started',
      value: ({ startedAt }) => startedAt,
      format: (value) => formatWhen(String(value)),
      width: 110,
    },
    {
      key: 'seconds',
      title: 'Duration',
      // One that was resumed still has the end of the time before.
      value: ({ status, seconds }) => (status === 'RUNNING' ? undefined : seconds),
      format: (value) => formatDuration(Number(value)),
      align: 'end',
      width: 110,
    },
    ...rank(metrics, metricRanks).map((metric, index): TableColumn<TrackedRun> => ({
      key: `metrics.${metric}`,
      title: metric,
      help: `Metric ${metric}, its latest value`,
      value: (run) => run.metrics[metric] ?? undefined,
      format: (value) => formatNumber(Number(value)),
      align: 'end',
      width: 120,
      isHidden: index >= shownAtFirst,
    })),
    ...rank(params, paramRanks).map((param, index): TableColumn<TrackedRun> => ({
      key: `params.${param}`,
      title: param.replace(/^search\//, ''),
      help: `Parameter ${param}`,
      value: (run) => readParam(run.params[param]),
      format: (value) => (typeof value === 'number' ? formatNumber(value) : String(value)),
      width: 130,
      isHidden: index >= shownAtFirst,
    })),
    ...tags.map((tag): TableColumn<TrackedRun> => ({
      key: `tags.${tag}`,
      title: tag,
      help: `Tag ${tag}`,
      value: (run) => run.tags[tag],
      width: 130,
      isHidden: true,
    })),
    { key: 'user', title: 'User', value: ({ user }) => user, width: 100, isHidden: true },
  ];
}

/** MLflow's names of what every run has; how long it took is none of them. */
const attributes: Readonly<Record<string, string>> = {
  name: 'attributes.run_name',
  status: 'attributes.status',
  started: 'attributes.start_time',
  user: 'attributes.user_id',
};

/** A sorting in MLflow's grammar; undefined where its store cannot order by that. */
export function describeOrder(sorting: Sorting | undefined): string | undefined {
  if (sorting === undefined) return undefined;
  const [kind, ...name] = sorting.key.split('.');
  const key = name.length > 0 ? `${kind}.\`${name.join('.')}\`` : attributes[sorting.key];
  return key === undefined ? undefined : `${key} ${sorting.descending ? 'DESC' : 'ASC'}`;
}

/** MLflow keeps every param as text; those that are numbers are sorted as such. */
function readParam(text: string | undefined): string | number | undefined {
  if (text === undefined || text.trim() === '') return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

export const statusLabels: Readonly<Record<TrackedRunStatus, string>> = {
  RUNNING: 'Running',
  SCHEDULED: 'Scheduled',
  FINISHED: 'Finished',
  FAILED: 'Failed',
  KILLED: 'Killed',
};

export const statusTones: Readonly<Record<TrackedRunStatus, 'accent' | 'neutral' | 'ok' | 'error' | 'warn'>> =
  { RUNNING: 'accent', SCHEDULED: 'neutral', FINISHED: 'ok', FAILED: 'error', KILLED: 'warn' };

import type { JobRow } from '../../../common/api/runs.ts';
import type { SearchParameter } from '../../../common/search-space/search-space.ts';
import { formatDuration, formatNumber, formatScore } from '../../ui/format.ts';
import type { CellLook, TableColumn } from '../../ui/table-column.ts';
import {
  describeDevices,
  describeJobState,
  describeParameterValue,
  progressOf,
  secondsOf,
} from './describe-job.ts';

/** How a job stands, as a badge. */
export const stateColumn: TableColumn<JobRow> = {
  key: 'state',
  title: 'Status',
  value: ({ state }) => describeJobState(state).label,
  look: ({ state, reason }) => ({
    tone: describeJobState(state).tone,
    isLive: state === 'running',
    title: reason,
  }),
  width: 112,
};

/** A column per parameter of the search. */
export function makeParameterColumns(
  parameters: readonly SearchParameter[],
  names: ReadonlyMap<string, string>,
): readonly TableColumn<JobRow>[] {
  return parameters.map((parameter) => ({
    key: parameter.prl,
    title: names.get(parameter.prl) ?? parameter.prl,
    help: parameter.prl,
    value: ({ values }) => values[parameter.prl],
    format: (value) => describeParameterValue(parameter, Number(value)),
    width: 116,
    align: 'choices' in parameter ? 'start' : 'end',
  }));
}

/** The columns of the jobs table: what a job is doing, what came of it, and a column per parameter. @param best the job whose score is marked */
export function makeJobColumns(
  parameters: readonly SearchParameter[],
  names: ReadonlyMap<string, string>,
  { keyMetric, best }: { readonly keyMetric?: string | undefined; readonly best?: string | undefined },
  now: () => number,
): readonly TableColumn<JobRow>[] {
  return [
    {
      key: 'number',
      title: '#',
      value: ({ number }) => number,
      width: 70,
      align: 'end',
      isFixed: true,
      help: 'The how-manieth job of the run',
    },
    { key: 'job', title: 'Job', value: ({ job }) => job, width: 124, mono: true, isFixed: true },
    stateColumn,
    {
      key: 'score',
      title: 'Score',
      value: ({ score }) => score,
      format: (score) => formatScore(Number(score)),
      look: ({ job, score }) => (job === best ? lookOfBest(score) : {}),
      width: 84,
      align: 'end',
      help: keyMetric ?? 'Best value of the key metric so far',
    },
    {
      key: 'epoch',
      title: 'Epoch',
      value: progressOf,
      look: lookOfProgress,
      width: 132,
      help: 'How far the training is',
    },
    {
      key: 'loss',
      title: 'Loss',
      value: ({ loss }) => loss ?? undefined,
      format: (loss) => formatNumber(Number(loss)),
      width: 84,
      align: 'end',
    },
    {
      key: 'left',
      title: 'Time left',
      value: ({ state, secondsLeft }) => (state === 'running' ? secondsLeft : undefined),
      format: (seconds) => formatDuration(Number(seconds)),
      width: 96,
      align: 'end',
    },
    {
      key: 'time',
      title: 'Time',
      value: (row) => secondsOf(row, now()),
      format: (seconds) => formatDuration(Number(seconds)),
      width: 96,
      align: 'end',
    },
    { key: 'worker', title: 'Worker', value: ({ worker }) => worker, width: 76 },
    { key: 'devices', title: 'Device', value: ({ devices }) => describeDevices(devices), width: 84 },
    ...makeParameterColumns(parameters, names),
    {
      key: 'bestEpoch',
      title: 'Best epoch',
      value: ({ bestEpoch }) => bestEpoch,
      width: 92,
      align: 'end',
      isHidden: true,
    },
    { key: 'round', title: 'Round', value: ({ round }) => round, width: 72, align: 'end', isHidden: true },
    {
      key: 'attempts',
      title: 'Starts',
      value: ({ attempts }) => attempts,
      width: 72,
      align: 'end',
      isHidden: true,
    },
    {
      key: 'learningRate',
      title: 'Learning rate',
      value: ({ learningRate }) => learningRate,
      format: (rate) => formatNumber(Number(rate)),
      width: 108,
      align: 'end',
      isHidden: true,
    },
    { key: 'provider', title: 'Computes on', value: ({ provider }) => provider, width: 104, isHidden: true },
    { key: 'reason', title: 'Reason', value: ({ reason }) => reason, width: 280 },
  ];
}

const lookOfBest = (score: number | undefined): CellLook => ({
  text: score === undefined ? undefined : `★ ${formatScore(score)}`,
  isStrong: true,
  title: 'The best so far',
});

function lookOfProgress(row: JobRow): CellLook {
  const { epoch, epochs } = row;
  if (epoch === undefined) return { text: '–' };
  return { share: progressOf(row) ?? 0, text: epochs === undefined ? String(epoch) : `${epoch}/${epochs}` };
}

import { FaultError } from '../../common/fault.ts';

const NAMED = ['mean', 'median', 'max', 'min', '90percentile', 'std', 'notnans'] as const;

/** A statistic over cases; `<n>percentile` with a whole n from 0 to 100. */
export type SummaryOperation = (typeof NAMED)[number] | `${number}percentile`;

/** The operations that a config names; `*` stands for all. Throws a fault for one that there is not. */
export function parseSummaryOperations(
  names: string | readonly string[] | null,
): readonly SummaryOperation[] {
  const list = names === null ? [] : typeof names === 'string' ? [names] : names;
  if (list.includes('*')) return NAMED;
  const unknown = list.find((name) => !isOperation(name));
  if (unknown === undefined) return list as readonly SummaryOperation[];
  throw new FaultError({
    code: 'wrong-argument',
    message: `There is no statistic "${unknown}".`,
    component: 'MetricsSaver',
    argument: 'summary_ops',
    allowed: `*, ${NAMED.join(', ')} or any other percentile`,
  });
}

const isOperation = (name: string): boolean =>
  (NAMED as readonly string[]).includes(name) || /^(100|\d{1,2})percentile$/.test(name);

/** The statistic of the numbers that are not NaN, as numpy's nan-functions give it; NaN for none. */
export function summarise(operation: SummaryOperation, values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (operation === 'notnans') return sorted.length;
  if (sorted.length === 0) return NaN;
  switch (operation) {
    case 'mean':
      return meanOf(sorted);
    case 'std':
      return Math.sqrt(meanOf(sorted.map((value) => (value - meanOf(sorted)) ** 2)));
    case 'median':
      return percentileOf(sorted, 50);
    case 'min':
      return sorted[0];
    case 'max':
      return sorted.at(-1)!;
    default:
      return percentileOf(sorted, Number.parseInt(operation, 10));
  }
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Linear between the two nearest ranks. */
function percentileOf(sorted: readonly number[], percent: number): number {
  const rank = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
}

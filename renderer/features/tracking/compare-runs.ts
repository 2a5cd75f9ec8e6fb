import type { TrackedRun } from '../../../common/api/tracking.ts';
import { formatNumber } from '../../ui/format.ts';

/** One value of one run in a comparison. */
export interface ComparedCell {
  readonly text: string;
  /** The best of its row, where one is; which way is better shows in the metric's name. */
  readonly isBest: boolean;
}

export interface ComparedRow {
  readonly name: string;
  readonly differs: boolean;
  readonly cells: readonly ComparedCell[];
}

/** What is compared, in parts. */
export interface ComparedPart {
  readonly title: string;
  readonly rows: readonly ComparedRow[];
}

const missing = '–';

/** Metrics and parameters of some runs, side by side, in the order of their names. */
export function compareRuns(runs: readonly TrackedRun[], onlyDifferent: boolean): readonly ComparedPart[] {
  const isWanted = (row: ComparedRow): boolean => !onlyDifferent || row.differs;
  const metrics = namesOf(runs, ({ metrics: read }) => read).map((name) => compareMetric(runs, name));
  const params = namesOf(runs, ({ params: read }) => read).map((name) => compareParam(runs, name));
  return [
    { title: 'Parameters', rows: params.filter(isWanted) },
    { title: 'Latest metrics', rows: metrics.filter(isWanted) },
  ];
}

function namesOf(runs: readonly TrackedRun[], read: (run: TrackedRun) => object): readonly string[] {
  return [...new Set(runs.flatMap((run) => Object.keys(read(run))))].toSorted((a, b) => a.localeCompare(b));
}

function compareParam(runs: readonly TrackedRun[], name: string): ComparedRow {
  const texts = runs.map(({ params }) => params[name] ?? missing);
  return {
    name,
    differs: new Set(texts).size > 1,
    cells: texts.map((text) => ({ text, isBest: false })),
  };
}

function compareMetric(runs: readonly TrackedRun[], name: string): ComparedRow {
  const values = runs.map(({ metrics }) => metrics[name]);
  const known = values.filter((value) => typeof value === 'number');
  const best = known.length < 2 ? undefined : findBest(name, known);
  return {
    name,
    differs: new Set(values.map(String)).size > 1,
    cells: values.map((value) => ({
      text: typeof value === 'number' ? formatNumber(value) : value === null ? 'NaN' : missing,
      isBest: value !== undefined && value !== null && value === best && new Set(known).size > 1,
    })),
  };
}

/** Losses and errors are better when smaller; what a machine uses is neither. */
function findBest(name: string, values: readonly number[]): number | undefined {
  if (name.startsWith('system/')) return undefined;
  if (/loss|error|distance|(^|[_/])(lr|epoch|step|iteration|seconds|time)/i.test(name))
    return /loss|error|distance/i.test(name) ? Math.min(...values) : undefined;
  return Math.max(...values);
}

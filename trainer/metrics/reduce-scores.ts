import type { MeanDiceArgs } from '../../common/components/metrics.ts';

/** How the scores of cases and classes become one or several numbers. */
export type ScoreReduction = MeanDiceArgs['reduction'];

/**
 * Reduces scores[case][class], NaN where undefined, as `monai.metrics.utils.do_metric_reduction` (0.8.1) does:
 * undefined scores count neither in sums nor in divisors, and a mean over nothing is 0.
 *
 * - `mean`: mean over the classes of each case, then over the cases that have any
 * - `mean_batch`, `sum_batch`: per class, over the cases
 * - `mean_channel`, `sum_channel`: per case, over the classes
 * - `sum`: of everything
 */
export function reduceScores(scores: readonly (readonly number[])[], reduction: ScoreReduction): number[] {
  switch (reduction) {
    case 'mean': {
      const defined = scores.filter((row) => row.some((score) => !Number.isNaN(score)));
      return [meanOf(defined.map(meanOf))];
    }
    case 'sum':
      return [sumOf(scores.flat())];
    case 'mean_batch':
      return columnsOf(scores).map(meanOf);
    case 'sum_batch':
      return columnsOf(scores).map(sumOf);
    case 'mean_channel':
      return scores.map(meanOf);
    case 'sum_channel':
      return scores.map(sumOf);
  }
}

/** The scores turned over: one row per class. */
export function columnsOf(scores: readonly (readonly number[])[]): number[][] {
  return (scores[0] ?? []).map((_, column) => scores.map((row) => row[column]));
}

/** Mean of the numbers that are not NaN; 0 when there are none. */
export function meanOf(numbers: readonly number[]): number {
  const defined = numbers.filter((number) => !Number.isNaN(number));
  return defined.length === 0 ? 0 : sumOf(defined) / defined.length;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => (Number.isNaN(number) ? sum : sum + number), 0);
}

import { makeSeededRandom } from '../../common/random/seeded-random.ts';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Ranks from 1, the smallest first; equal values share the mean of their ranks. */
export function ranksOf(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const smaller = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return smaller + (equal + 1) / 2;
  });
}

/**
 * Two-sided p-value of Wilcoxon's signed-rank test on paired differences; pairs without a difference are left out. Normal
 * approximation with correction for ties and continuity.
 */
export function wilcoxon(differences: readonly number[]): number {
  const used = differences.filter((difference) => difference !== 0);
  const count = used.length;
  if (count < 5) return 1;
  const ranks = ranksOf(used.map(Math.abs));
  const positive = used.reduce((sum, difference, index) => sum + (difference > 0 ? ranks[index] : 0), 0);
  const ties = [...Map.groupBy(ranks, (rank) => rank).values()].reduce(
    (sum, group) => sum + group.length ** 3 - group.length,
    0,
  );
  const variance = (count * (count + 1) * (2 * count + 1)) / 24 - ties / 48;
  const distance = Math.abs(positive - (count * (count + 1)) / 4) - 0.5;
  return variance === 0 ? 1 : 2 * upperTail(Math.max(0, distance) / Math.sqrt(variance));
}

/** The chance that a standard normal number is larger (Abramowitz and Stegun 7.1.26, error below 1.5e-7). */
function upperTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return (polynomial * Math.exp(-x * x)) / 2;
}

/** The interval that holds 95 of 100 values of a statistic when its samples are drawn again, with a fixed seed. */
export function bootstrap(
  count: number,
  statistic: (picks: readonly number[]) => number,
): readonly [number, number] {
  const random = makeSeededRandom(1);
  const values = Array.from({ length: 1000 }, () =>
    statistic(Array.from({ length: count }, () => random.integer(count))),
  ).sort((a, b) => a - b);
  return [values[24], values[974]];
}

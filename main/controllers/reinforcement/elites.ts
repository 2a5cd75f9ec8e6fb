import type { SearchValues } from '../../../common/search-space/search-space.ts';
import { scoreOf, type Trial } from '../recommendation-book.ts';

/** A good point and how much it counts; the weights of all add up to 1. */
export interface Elite {
  readonly values: SearchValues;
  readonly weight: number;
}

const ELITE_SHARE = 0.2;
const FEWEST = 3;
const MOST = 12;

/**
 * The best fifth of all trials, with the rank weights of CMA-ES: log(k + 1/2) - log(i). Ranks, not scores, since one diverged
 * run would outweigh every difference between good ones. Trials without a score are never among them.
 */
export function chooseElites(trials: readonly Trial[]): readonly Elite[] {
  const ranked = trials
    .flatMap(({ values, outcome }) => {
      const score = scoreOf(outcome);
      return score === undefined ? [] : [{ values, score }];
    })
    .sort((a, b) => b.score - a.score);
  const count = Math.min(MOST, Math.max(FEWEST, Math.ceil(ranked.length * ELITE_SHARE)), ranked.length);
  const weights = Array.from({ length: count }, (_, index) => Math.log(count + 0.5) - Math.log(index + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, index) => ({ values: ranked[index]!.values, weight: weight / total }));
}

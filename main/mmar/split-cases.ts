import { makeSeededRandom } from '../../common/random/seeded-random.ts';

/** Shares of the cases, between 0 and 1; the rest is for training. */
export interface SplitShares {
  readonly validation: number;
  readonly test: number;
}

export interface CaseSplit<T> {
  readonly training: readonly T[];
  readonly validation: readonly T[];
  readonly test: readonly T[];
}

/**
 * Draws which cases are for what: the same cases and seed give the same split. A share above nothing gets at least one
 * case, as long as one is left for training. Within each part the cases stay in order.
 */
export function splitCases<T>(cases: readonly T[], shares: SplitShares, seed: number): CaseSplit<T> {
  const order = makeSeededRandom(seed).shuffle(cases.map((_, index) => index));
  const validationCount = countOf(shares.validation, cases.length, cases.length - 1);
  const testCount = countOf(shares.test, cases.length, cases.length - 1 - validationCount);
  const pick = (from: number, to: number): readonly T[] =>
    order
      .slice(from, to)
      .sort((a, b) => a - b)
      .map((index) => cases[index]!);
  return {
    validation: pick(0, validationCount),
    test: pick(validationCount, validationCount + testCount),
    training: pick(validationCount + testCount, cases.length),
  };
}

function countOf(share: number, total: number, most: number): number {
  return share === 0 ? 0 : Math.max(0, Math.min(most, Math.max(1, Math.round(share * total))));
}

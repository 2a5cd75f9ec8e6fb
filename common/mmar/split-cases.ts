import { makeSeededRandom } from '../random/seeded-random.ts';

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

/** Places of the cases that stay together. */
type Group = readonly number[];

/**
 * Draws which cases are for what: the same cases and seed give the same split. A share above nothing gets at least one
 * case, as long as one is left for training. Within each part the cases stay in order.
 *
 * @param groupOf cases with the same text, those of one patient, go to the same part: its share is then met as closely
 *   as the groups allow; each case by itself when left out
 */
export function splitCases<T>(
  cases: readonly T[],
  shares: SplitShares,
  seed: number,
  groupOf?: (item: T) => string,
): CaseSplit<T> {
  const order = makeSeededRandom(seed).shuffle(gatherGroups(cases, groupOf));
  const total = cases.length;
  const validation = drawGroups(order, countOf(shares.validation, total, total - 1));
  const most = total - 1 - validation.drawn.length;
  const test = drawGroups(validation.rest, countOf(shares.test, total, most));
  const pick = (places: readonly number[]): readonly T[] =>
    places.toSorted((a, b) => a - b).map((index) => cases[index]!);
  return {
    validation: pick(validation.drawn),
    test: pick(test.drawn),
    training: pick(test.rest.flat()),
  };
}

function gatherGroups<T>(cases: readonly T[], groupOf?: (item: T) => string): readonly Group[] {
  if (groupOf === undefined) return cases.map((_, index) => [index]);
  const groups = Map.groupBy(cases.keys(), (index) => groupOf(cases[index]!));
  return [...groups.values()];
}

/** Takes groups in order while they bring the count nearer to what is wanted; one at least stays for training. */
function drawGroups(
  groups: readonly Group[],
  wanted: number,
): { readonly drawn: readonly number[]; readonly rest: readonly Group[] } {
  if (wanted <= 0 || groups.length < 2) return { drawn: [], rest: groups };
  const chosen = new Set<Group>();
  let count = 0;
  for (const group of groups) {
    if (count >= wanted || chosen.size === groups.length - 1) break;
    const isNearer = count + group.length - wanted <= wanted - count;
    if (!isNearer) continue;
    chosen.add(group);
    count += group.length;
  }
  // Every group is larger than twice the share: the smallest comes nearest to it.
  if (chosen.size === 0) chosen.add(groups.reduce((a, b) => (b.length < a.length ? b : a)));
  return { drawn: [...chosen].flat(), rest: groups.filter((group) => !chosen.has(group)) };
}

function countOf(share: number, total: number, most: number): number {
  return share === 0 ? 0 : Math.max(0, Math.min(most, Math.max(1, Math.round(share * total))));
}

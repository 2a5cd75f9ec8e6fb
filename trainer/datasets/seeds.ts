import { createRandomState } from '../random/random-state.ts';

/** Set apart from the seeds of cases, whose index is never negative. */
const ORDER_INDEX = -1;

/**
 * The seed of all random transforms of one case in one epoch.
 *
 * PyTorch instead seeds each worker anew per epoch and lets its transforms draw on from case to case, so there a case's random
 * numbers depend on the number of workers and on the cases before it. Here they depend on nothing but these three numbers.
 */
export function caseSeed(seed: number, epoch: number, index: number): number {
  return mixBits(mixBits(mixBits(seed) ^ epoch) ^ index);
}

/** The order of an epoch's cases. */
export function orderCases(
  caseCount: number,
  shuffle: boolean,
  seed: number,
  epoch: number,
): readonly number[] {
  if (!shuffle) return Array.from({ length: caseCount }, (_, index) => index);
  return createRandomState(caseSeed(seed, epoch, ORDER_INDEX)).permutation(caseCount);
}

/** A one-to-one scrambling of 32 bits (the finaliser of MurmurHash3), so that neighbouring numbers give unlike ones. */
function mixBits(value: number): number {
  let bits = (value + 0x9e3779b9) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

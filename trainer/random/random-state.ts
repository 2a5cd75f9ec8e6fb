import { createMersenneTwister } from './mersenne-twister.ts';

/** 2^53: one double has this many steps between 0 and 1. */
const DOUBLE_STEPS = 9007199254740992;
const UINT32_RANGE = 0x1_0000_0000;

/**
 * numpy's legacy `RandomState`, draw for draw: the same seed and the same order of calls give the same numbers, bit for
 * bit, so that random transforms agree with MONAI's.
 */
export interface RandomState {
  /** A number in [0, 1) with 53 random bits: `rand()`. */
  random(): number;
  /** `uniform(low, high)`: low + (high - low) * random(). */
  uniform(low: number, high: number): number;
  /**
   * `normal(mean, deviation)`: polar Box-Muller, the second number of each pair kept for the next call. The logarithm may
   * differ from C's in the last of 53 bits, which rounding to float32 hides.
   */
  normal(mean: number, deviation: number): number;
  /** `randint(count)`: an integer in [0, count), count at most 2^32. */
  integer(count: number): number;
  /** `randint(2**32, dtype=uint32)`: 32 random bits. */
  uint32(): number;
  /** `permutation(count)`: the integers below count in random order. */
  permutation(count: number): number[];
}

/** Starts the generator as `numpy.random.RandomState(seed)`; `seed` is an integer in [0, 2^32). */
export function createRandomState(seed: number): RandomState {
  if (!Number.isInteger(seed) || seed < 0 || seed >= UINT32_RANGE) {
    throw new RangeError(`A seed is an integer from 0 to ${UINT32_RANGE - 1}, not ${seed}`);
  }
  const uint32 = createMersenneTwister(seed);
  let keptNormal: number | undefined;

  function random(): number {
    const high = uint32() >>> 5;
    const low = uint32() >>> 6;
    return (high * 67108864 + low) / DOUBLE_STEPS;
  }

  function standardNormal(): number {
    if (keptNormal !== undefined) {
      const kept = keptNormal;
      keptNormal = undefined;
      return kept;
    }
    let first: number;
    let second: number;
    let radius: number;
    do {
      first = 2 * random() - 1;
      second = 2 * random() - 1;
      radius = first * first + second * second;
    } while (radius >= 1 || radius === 0);
    const factor = Math.sqrt((-2 * Math.log(radius)) / radius);
    keptNormal = factor * first;
    return factor * second;
  }

  function integer(count: number): number {
    if (!Number.isInteger(count) || count < 1 || count > UINT32_RANGE) {
      throw new RangeError(`The number of choices is an integer from 1 to ${UINT32_RANGE}, not ${count}`);
    }
    if (count === 1) return 0;
    const last = count - 1;
    const mask = 0xffffffff >>> Math.clz32(last);
    let drawn: number;
    do drawn = (uint32() & mask) >>> 0;
    while (drawn > last);
    return drawn;
  }

  function permutation(count: number): number[] {
    const order = Array.from({ length: count }, (_, index) => index);
    for (let last = count - 1; last > 0; last--) {
      const other = integer(last + 1);
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }

  return {
    random,
    uniform: (low, high) => low + (high - low) * random(),
    normal: (mean, deviation) => mean + deviation * standardNormal(),
    integer,
    uint32,
    permutation,
  };
}

/** A reproducible source of random numbers. */
export interface SeededRandom {
  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number;
  /** In [0, 1), with 53 random bits. */
  uniform(): number;
  /** A whole number from 0 to `count` - 1, each equally likely. */
  integer(count: number): number;
  /** Standard normal. */
  normal(): number;
  /** The same items in random order; the input stays as it is. */
  shuffle<T>(items: readonly T[]): T[];
}

const TWO_32 = 2 ** 32;

/** A generator for a seed; another `stream` of the same seed gives independent numbers. */
export function makeSeededRandom(seed: number, stream = 0): SeededRandom {
  const mix = splitMix32((seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0);
  return makeXoshiro([mix(), mix(), mix(), mix()]);
}

/** xoshiro128** 1.1 (Blackman and Vigna 2018) with the given state, which must not be all zero. */
export function makeXoshiro(state: readonly [number, number, number, number]): SeededRandom {
  let [a, b, c, d] = state;

  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
  const uniform = (): number => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 2 ** 53;

  const integer = (count: number): number => {
    // rejecting the rest of 2^32 / count keeps every number equally likely
    const limit = TWO_32 - (TWO_32 % count);
    for (;;) {
      const drawn = uint32();
      if (drawn < limit) return drawn % count;
    }
  };

  return {
    uint32,
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle: (items) => {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
      }
      return shuffled;
    },
  };
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** SplitMix with 32 bits: spreads a small seed over a whole state. */
function splitMix32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createRandomState } from '../../../trainer/random/random-state.ts';

const fixture = new URL('../../fixtures/monai/transforms/random-state.json', import.meta.url);
const numbers = JSON.parse(readFileSync(fixture, 'utf8')) as Record<string, Record<string, number[]>>;
const seed0 = numbers.rng_seed0;

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

describe("the streams are numpy's, to the bit", () => {
  test('random', () => {
    const state = createRandomState(0);
    expect(draw(5, () => state.random())).toEqual(seed0.rand5);
    const other = createRandomState(42);
    expect(draw(3, () => other.random())).toEqual(numbers.rng_seed42.rand3);
  });

  test('integers below 1000 and of 32 bits', () => {
    const state = createRandomState(0);
    expect(draw(5, () => state.integer(1000))).toEqual(seed0.randint1000x5);
    const other = createRandomState(0);
    expect(draw(5, () => other.uint32())).toEqual(seed0['randint_uint32_maxseed x5']);
  });

  test('normal numbers, the second of each pair included', () => {
    const state = createRandomState(0);
    expect(draw(5, () => state.normal(0, 1))).toEqual(seed0.normal5);
  });

  test('uniform numbers', () => {
    const state = createRandomState(0);
    expect(draw(3, () => state.uniform(-0.1, 0.1))).toEqual(seed0['uniform(-0.1,0.1)x3']);
  });

  test('permutation: numpy.random.RandomState(5).permutation(10)', () => {
    expect(createRandomState(5).permutation(10)).toEqual([9, 5, 2, 4, 7, 1, 0, 8, 6, 3]);
  });

  test('the state is twisted after 624 numbers', () => {
    const state = createRandomState(1);
    // numpy.random.RandomState(1): the 1249th number of 32 bits
    for (let drawn = 0; drawn < 1248; drawn++) state.uint32();
    expect(state.uint32()).toBe(3239719367);
  });

  test('the largest seed', () => {
    expect(createRandomState(2 ** 32 - 1).uint32()).toBe(419326371);
  });
});

describe('bounds', () => {
  test.each([-1, 0.5, 2 ** 32, Number.NaN])('seed %s is refused', (seed) => {
    expect(() => createRandomState(seed)).toThrow(RangeError);
  });

  test.each([0, -1, 1.5, 2 ** 32 + 1])('integers below %s are refused', (count) => {
    expect(() => createRandomState(0).integer(count)).toThrow(RangeError);
  });

  test('one choice needs no draw', () => {
    const state = createRandomState(0);
    expect(state.integer(1)).toBe(0);
    expect(state.random()).toBe(seed0.rand5[0]);
  });

  test('2^32 choices are all 32 bits', () => {
    expect(createRandomState(0).integer(2 ** 32)).toBe(2357136044);
  });
});

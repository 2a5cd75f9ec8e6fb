import { describe, expect, it } from 'vitest';
import { makeSeededRandom, makeXoshiro } from '../../../common/random/seeded-random.ts';

describe('seeded random numbers', () => {
  it("are xoshiro128**'s for a known state", () => {
    const random = makeXoshiro([1, 2, 3, 4]);
    const drawn = Array.from({ length: 10 }, () => random.uint32());
    expect(drawn).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('are equal for equal seeds, and different for other seeds and streams', () => {
    const draw = (seed: number, stream?: number): number[] => {
      const random = makeSeededRandom(seed, stream);
      return Array.from({ length: 5 }, () => random.uniform());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7)).not.toEqual(draw(7, 1));
  });

  it('have the moments of their distributions', () => {
    const random = makeSeededRandom(3);
    const count = 20_000;
    const uniform = Array.from({ length: count }, () => random.uniform());
    const normal = Array.from({ length: count }, () => random.normal());
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / count;
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(mean(normal.map((value) => value ** 2))).toBeCloseTo(1, 1);
  });

  it('draw whole numbers evenly and shuffle without losing anything', () => {
    const random = makeSeededRandom(5);
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 3000; draw++) counts[random.integer(3)]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
    const items = Array.from({ length: 20 }, (_, index) => index);
    const shuffled = random.shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });
});

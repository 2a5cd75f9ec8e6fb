import { describe, expect, test } from 'vitest';
import { caseSeed, orderCases } from '../../../trainer/datasets/seeds.ts';

describe('seeds of cases', () => {
  test('are 32 bits, and each case of each epoch has its own', () => {
    const seeds = new Set<number>();
    for (let seed = 0; seed < 3; seed++)
      for (let epoch = 1; epoch <= 50; epoch++)
        for (let index = -1; index < 100; index++) {
          const value = caseSeed(seed, epoch, index);
          expect(Number.isInteger(value) && value >= 0 && value < 2 ** 32).toBe(true);
          seeds.add(value);
        }
    // Of 15150 numbers of 32 bits two are the same with a probability of 3 %: these are not.
    expect(seeds.size).toBe(3 * 50 * 101);
  });

  test('stay what they are: a run repeats what it did in an earlier version', () => {
    expect([caseSeed(0, 1, 0), caseSeed(0, 1, 1), caseSeed(7, 3, 12)]).toEqual([
      3097737238, 73714503, 1702075615,
    ]);
  });
});

describe('order of cases', () => {
  test('as listed, or shuffled anew each epoch', () => {
    expect(orderCases(4, false, 1, 1)).toEqual([0, 1, 2, 3]);
    const orders = [1, 2, 3].map((epoch) => orderCases(20, true, 1, epoch));
    for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual(orderCases(20, false, 1, 1));
    expect(new Set(orders.map((order) => order.join())).size).toBe(3);
    expect(orderCases(20, true, 1, 2)).toEqual(orders[1]);
  });
});

import { describe, expect, it } from 'vitest';
import { makeSeededRandom } from '../../../../common/random/seeded-random.ts';
import { pointKey } from '../../../../common/search-space/draw-point.ts';
import { enumeratePoints } from '../../../../common/search-space/enumerate-points.ts';
import type { SearchValues } from '../../../../common/search-space/search-space.ts';
import { validateValues } from '../../../../common/search-space/validate-values.ts';
import { choosePoint } from '../../../../main/controllers/reinforcement/choose-point.ts';
import { chooseElites } from '../../../../main/controllers/reinforcement/elites.ts';
import { fitPolicy } from '../../../../main/controllers/reinforcement/policy.ts';
import type { Trial } from '../../../../main/controllers/recommendation-book.ts';
import { contractSpaces } from '../../../contracts/controller-spaces.ts';

const trial = (id: number, values: SearchValues, score?: number): Trial => ({
  id,
  values,
  outcome: { recommendationId: id, status: score === undefined ? 'failed' : 'completed', score },
});

const floats = contractSpaces['floats only'];
const [rate, prob] = floats.parameters.map(({ prl }) => prl);
const at = (r: number, p: number): SearchValues => ({ [rate]: r, [prob]: p });

describe('chooseElites', () => {
  it('takes the best fifth, at least three, weighted by rank; never one without a score', () => {
    const trials = Array.from({ length: 20 }, (_, id) =>
      trial(id, at(1e-3, id / 20), id === 19 ? undefined : id),
    );
    const elites = chooseElites(trials);
    expect(elites.map(({ values }) => values[prob])).toEqual([0.9, 0.85, 0.8, 0.75]);
    const total = Math.log(4.5) * 4 - Math.log(24);
    expect(elites[0].weight).toBeCloseTo(Math.log(4.5) / total, 12);
    expect(elites.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(chooseElites(trials.slice(0, 2))).toHaveLength(2);
    expect(chooseElites([trial(0, at(1e-3, 0))])).toEqual([]);
  });
});

describe('fitPolicy', () => {
  const elites = [{ values: at(1e-4, 0.2), weight: 1 }];
  const samples = (count: number): number[] => {
    const policy = fitPolicy(floats, elites, count, makeSeededRandom(1));
    return Array.from({ length: 500 }, () => policy.sample()[prob]);
  };
  const spread = (values: number[]): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  };

  it('draws near the elites, ever nearer, and never collapses', () => {
    expect(spread(samples(36))).toBeGreaterThan(0.04);
    expect(spread(samples(36))).toBeLessThan(0.06);
    expect(spread(samples(1e6))).toBeGreaterThan(0.018);
    expect(spread(samples(1e6))).toBeLessThan(0.022);
  });

  it('gives every choice a chance, and stays in the tree', () => {
    const space = contractSpaces['everything'];
    const optimizer = space.parameters[1].prl;
    const start = Object.fromEntries(
      space.parameters.map((parameter) => [parameter.prl, 'min' in parameter ? parameter.min : 1]),
    );
    delete start[space.parameters.at(-1)!.prl];
    const policy = fitPolicy(space, [{ values: start, weight: 1 }], 50, makeSeededRandom(3));
    const drawn = Array.from({ length: 400 }, () => policy.sample());
    expect(drawn.flatMap((values) => validateValues(space, values))).toEqual([]);
    const others = drawn.filter((values) => values[optimizer] === 0).length;
    expect(others).toBeGreaterThan(3);
    expect(others).toBeLessThan(60);
  });
});

describe('choosePoint', () => {
  const random = makeSeededRandom(5);
  const policy = fitPolicy(floats, [{ values: at(1e-4, 0.9), weight: 1 }], 10, random);

  it('comes close to the best that the critic sees, wherever the policy looks', () => {
    const judge = (values: SearchValues): number =>
      -((Math.log10(values[rate]) + 2.5) ** 2) - (values[prob] - 0.3) ** 2;
    const chosen = choosePoint({ space: floats, policy, judge, random, isTried: () => false })!;
    expect(Math.log10(chosen[rate])).toBeCloseTo(-2.5, 0);
    expect(Math.abs(chosen[prob] - 0.3)).toBeLessThan(0.1);
  });

  it('never chooses what was tried, and says when nothing is left', () => {
    const space = contractSpaces['enums only'];
    const points = [...enumeratePoints(space)];
    const enums = fitPolicy(space, [{ values: points[0], weight: 1 }], 10, random);
    const tried = new Set<string>();
    const isTried = (values: SearchValues): boolean => tried.has(pointKey(values));
    for (let left = points.length; left > 0; left--) {
      const chosen = choosePoint({ space, policy: enums, judge: () => 0, random, isTried })!;
      expect(isTried(chosen)).toBe(false);
      tried.add(pointKey(chosen));
    }
    expect(choosePoint({ space, policy: enums, judge: () => 0, random, isTried })).toBeUndefined();
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ScoreForest } from '../../../common/analysis/score-forest.ts';
import type { ScoredPoint } from '../../../common/analysis/score-points.ts';
import { makeSeededRandom } from '../../../common/random/seeded-random.ts';
import type { SearchParameter } from '../../../common/search-space/search-space.ts';

interface Numbers {
  readonly cases: readonly {
    readonly name: string;
    readonly parameters: Readonly<
      Record<
        string,
        { type: 'enum' | 'int' | 'float'; choices: number; min: number; max: number; log: boolean }
      >
    >;
    readonly points: readonly ScoredPoint[];
    readonly importance: Readonly<Record<string, number>>;
  }[];
}
const fixture = new URL('../../fixtures/optuna/importance.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as Numbers;

const base = (prl: string) => ({ prl, domain: 'x', args: [prl], conditions: [] });
const number = (prl: string, min: number, max: number, log = false): SearchParameter => ({
  ...base(prl),
  type: 'float',
  min,
  max,
  log,
});
const choice = (prl: string, count: number): SearchParameter => ({
  ...base(prl),
  type: 'enum',
  choices: Array.from({ length: count }, (_, index) => [index]),
});

function parametersOf(parameters: Numbers['cases'][number]['parameters']): SearchParameter[] {
  return Object.entries(parameters).map(([prl, { type, choices, min, max, log }]) => {
    if (type === 'enum') return choice(prl, choices);
    return type === 'int' ? { ...base(prl), type, min, max, step: 1, log } : number(prl, min, max, log);
  });
}

describe("importance agrees with Optuna's fANOVA", () => {
  it.each(cases.map((expected) => [expected.name, expected] as const))(
    '%s',
    (_, { parameters, points, importance }) => {
      const found = ScoreForest.of(parametersOf(parameters), points).importance();
      for (const { prl, importance: share } of found)
        expect(Math.abs(share - importance[prl]!)).toBeLessThan(0.04);
      expect(found.reduce((sum, row) => sum + row.importance, 0)).toBeCloseTo(1, 9);
      expect(found.map((row) => row.importance)).toEqual(
        found.map((row) => row.importance).toSorted((a, b) => b - a),
      );
    },
  );
});

describe('a forest over scores', () => {
  const random = makeSeededRandom(3);
  const parameters = [number('x', 0, 10), number('y', 1e-4, 1, true), choice('c', 3)];
  const points: ScoredPoint[] = Array.from({ length: 400 }, () => {
    const values = { x: 10 * random.uniform(), y: 10 ** (-4 * random.uniform()), c: random.integer(3) };
    return { values, score: -((values.x - 3) ** 2) / 10 + [0, 2, 1][values.c]! };
  });
  const forest = ScoreForest.of(parameters, points);

  it('shows along a number where good values are', () => {
    const { x, mean } = forest.marginal('x')!;
    const best = x[mean.indexOf(Math.max(...mean))]!;
    expect(Math.abs(best - 3)).toBeLessThan(1);
    expect(x[0]).toBe(0);
    expect(x.at(-1)).toBe(10);
    const flat = forest.marginal('y')!;
    expect(Math.max(...flat.mean) - Math.min(...flat.mean)).toBeLessThan(0.6);
    expect(flat.x[0]).toBeCloseTo(1e-4, 10);
  });

  it('shows choices in the order of the config', () => {
    const { x, mean } = forest.marginal('c')!;
    expect(x).toEqual([0, 1, 2]);
    expect(mean[1]! - mean[0]!).toBeCloseTo(2, 0);
    expect(mean[2]!).toBeGreaterThan(mean[0]!);
    expect(mean[2]!).toBeLessThan(mean[1]!);
  });

  it('averages its contour to its marginal', () => {
    const { x, y, mean } = forest.contour('x', 'c')!;
    const { mean: marginal } = forest.marginal('x')!;
    x.forEach((_, column) => {
      const values = y.map((__, row) => mean[row * x.length + column]!);
      expect(values.reduce((sum, value) => sum + value, 0) / y.length).toBeCloseTo(marginal[column]!, 6);
    });
    expect(forest.contour('x', 'x')).toBeUndefined();
    expect(forest.contour('x', 'none')).toBeUndefined();
    expect(forest.marginal('none')).toBeUndefined();
  });

  it('is the same for the same points', () => {
    expect(ScoreForest.of(parameters, points).importance()).toEqual(forest.importance());
  });

  it('gives parameters that were not always active a place', () => {
    const conditional: SearchParameter[] = [
      choice('c', 2),
      { ...number('x', 0, 1), conditions: [{ parent: 'c', values: [1] }] },
    ];
    const tried: ScoredPoint[] = points
      .slice(0, 100)
      .map((_, index): ScoredPoint =>
        index % 2 === 0
          ? { values: { c: 0 }, score: 0 }
          : { values: { c: 1, x: index / 100 }, score: 1 + index / 100 },
      );
    const importance = ScoreForest.of(conditional, tried).importance();
    expect(importance[0]!.prl).toBe('c');
    expect(importance.every((row) => Number.isFinite(row.importance))).toBe(true);
  });

  it('finds nothing important in equal scores', () => {
    const flat = points.slice(0, 20).map(({ values }) => ({ values, score: 1 }));
    expect(
      ScoreForest.of(parameters, flat)
        .importance()
        .map(({ importance }) => importance),
    ).toEqual([0, 0, 0]);
  });

  it('is grown in a second at most, however many jobs there were', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => points[index % points.length]!);
    const growing = ScoreForest.grow(parameters, many);
    let steps = 0;
    while (growing.next().done !== true) steps++;
    expect(steps).toBe(48);
  });
});

import { describe, expect, it } from 'vitest';
import { makeSeededRandom } from '../../../../common/random/seeded-random.ts';
import type { SearchSpace, SearchValues } from '../../../../common/search-space/search-space.ts';
import {
  factorize,
  halfLogDeterminant,
  solveLower,
  solveUpper,
} from '../../../../main/controllers/reinforcement/critic/cholesky.ts';
import { Critic } from '../../../../main/controllers/reinforcement/critic/critic.ts';
import { logStandardImprovement } from '../../../../main/controllers/reinforcement/critic/expected-improvement.ts';
import { fitKernel } from '../../../../main/controllers/reinforcement/critic/fit-kernel.ts';
import { conditionOn } from '../../../../main/controllers/reinforcement/critic/gaussian-process.ts';
import { correlationMatrix, priorKernel } from '../../../../main/controllers/reinforcement/critic/kernel.ts';
import { makePointCoder } from '../../../../main/controllers/reinforcement/critic/point-code.ts';
import { shapeRewards } from '../../../../main/controllers/reinforcement/critic/shape-rewards.ts';
import type { Trial } from '../../../../main/controllers/recommendation-book.ts';

const base = { domain: 'net', args: ['p'], conditions: [] };
const range = { ...base, type: 'float', min: 0, max: 1, log: false } as const;

/** A choice, and a float in each of its branches. */
const tree: SearchSpace = {
  parameters: [
    { ...base, prl: 'c', type: 'enum', choices: [[0], [1]] },
    { ...range, prl: 'a', conditions: [{ parent: 'c', values: [0] }] },
    { ...range, prl: 'b', conditions: [{ parent: 'c', values: [1] }] },
  ],
};
const coder = makePointCoder(tree);
const points: SearchValues[] = [
  { c: 0, a: 0.1 },
  { c: 0, a: 0.7 },
  { c: 1, b: 0.2 },
  { c: 1, b: 0.9 },
  { c: 0, a: 0.4 },
];
const codes = points.map((values) => coder.encode(values));
const rewards = Float64Array.of(0.5, -1.2, 1.1, 0.3, -0.7);
const kernel = {
  logLengths: Float64Array.of(Math.log(0.8), Math.log(0.5), Math.log(0.3)),
  logNoise: Math.log(0.01),
};

describe('cholesky', () => {
  it('factorizes and solves', () => {
    const matrix = Float64Array.of(4, 2, 2, 2, 5, 3, 2, 3, 6);
    const lower = factorize(matrix, 3);
    expect([...lower]).toEqual([2, 0, 0, 1, 2, 0, 1, 1, 2]);
    expect(halfLogDeterminant(lower, 3)).toBeCloseTo(Math.log(8), 12);
    const solved = solveUpper(lower, 3, solveLower(lower, 3, Float64Array.of(8, 10, 11)));
    expect([...solved].map((value) => value.toFixed(12))).toEqual([
      '1.000000000000',
      '1.000000000000',
      '1.000000000000',
    ]);
  });

  it('survives the same point twice', () => {
    expect([...factorize(Float64Array.of(1, 1, 1, 1), 2)].every(Number.isFinite)).toBe(true);
  });
});

describe('the Gaussian process', () => {
  it('compares points of different branches by what they share', () => {
    const [first, second, other] = codes;
    const distances = (a: Float64Array, b: Float64Array): number[] =>
      [0, 1, 2].map((index) => coder.squaredDistance(a, b, index));
    expect(distances(first, second).map((value) => value.toFixed(6))).toEqual([
      '0.000000',
      '0.360000',
      '0.000000',
    ]);
    expect(distances(first, other)).toEqual([1, 1, 1]);
  });

  // Numbers of numpy 2 with the same kernel, by the textbook formula with the inverse of the matrix.
  it('predicts what numpy predicts', () => {
    const { predict, variance } = conditionOn(coder, kernel, codes, rewards);
    expect(variance).toBeCloseTo(0.9178714326542422, 10);
    expect(halfLogDeterminant(factorize(correlationMatrix(coder, kernel, codes), 5), 5)).toBeCloseTo(
      -0.9324529502941169,
      10,
    );
    const expected: [SearchValues, number, number][] = [
      [{ c: 0, a: 0.2 }, 0.12788858067281, 0.13227670303474576],
      [{ c: 1, b: 0.5 }, 0.635037437427773, 0.7621437729352462],
      [{ c: 1, b: 0.2 }, 1.0892670391520811, 0.0953268996221805],
    ];
    for (const [values, mean, deviation] of expected) {
      const prediction = predict(coder.encode(values));
      expect(prediction.mean).toBeCloseTo(mean, 10);
      expect(prediction.deviation).toBeCloseTo(deviation, 10);
    }
  });

  it('learns along which parameter rewards change', () => {
    const space: SearchSpace = {
      parameters: [
        { ...range, prl: 'x' },
        { ...range, prl: 'y' },
      ],
    };
    const flat = makePointCoder(space);
    const random = makeSeededRandom(1);
    const drawn = Array.from({ length: 40 }, () => flat.encode({ x: random.uniform(), y: random.uniform() }));
    const shaped = shapeRewards(drawn.map(([x]) => Math.sin(6 * x)));
    const { logLengths } = fitKernel(flat, drawn, shaped, { start: priorKernel(2), steps: 150, random });
    expect(logLengths[1] - logLengths[0]).toBeGreaterThan(1);
  });
});

describe('logStandardImprovement', () => {
  // By numerical integration of φ(z) ∫ t exp(-t²/2 + zt) dt.
  it.each([
    [2, 0.6973835457882283],
    [1, 0.08002621884930705],
    [0, -0.9189385332046728],
    [-1, -2.4851210257126413],
    [-1.9, -4.504931161621667],
    [-2.1, -5.040839977503972],
    [-3, -7.869686059603028],
    [-10, -55.55312203612236],
    [-40, -808.29856835662],
  ])('at %d', (z, expected) => {
    expect(Math.abs(logStandardImprovement(z) - expected)).toBeLessThan(1e-4);
  });
});

describe('shapeRewards', () => {
  it('keeps the differences of good scores, whatever the worst is', () => {
    const mild = shapeRewards([0.9, 0.8, 0.7, 0.6, 0.5]);
    const diverged = shapeRewards([0.9, 0.8, 0.7, undefined, -1e9]);
    expect(mild[0] - mild[1]).toBeCloseTo(mild[1] - mild[2], 12);
    expect(diverged[3]).toBe(diverged[4]);
    expect(diverged[0] - diverged[1]).toBeGreaterThan(0.5);
    expect(diverged.reduce((sum, reward) => sum + reward, 0)).toBeCloseTo(0, 12);
  });

  it('makes nothing of scores that are all the same, or of none', () => {
    expect([...shapeRewards([0.5, 0.5, 0.5])]).toEqual([0, 0, 0]);
    expect([...shapeRewards([undefined, undefined])]).toEqual([0, 0]);
  });
});

describe('Critic', () => {
  const line: SearchSpace = { parameters: [{ ...range, prl: 'x' }] };
  const trialAt = (x: number, id: number): Trial => ({
    id,
    values: { x },
    outcome: { recommendationId: id, status: 'completed', score: -((x - 0.6) ** 2) },
  });

  it('finds the neighbourhood of the best more promising than the rest', () => {
    const judge = new Critic(line).learn([0, 0.25, 0.5, 0.75, 1].map(trialAt), [], makeSeededRandom(1));
    expect(judge({ x: 0.6 })).toBeGreaterThan(judge({ x: 0.1 }));
    expect(judge({ x: 0.6 })).toBeGreaterThan(judge({ x: 0.98 }));
  });

  it('looks elsewhere while a job runs', () => {
    const trials = [0, 0.25, 0.5, 0.75, 1].map(trialAt);
    const alone = new Critic(line).learn(trials, [], makeSeededRandom(1));
    const beside = new Critic(line).learn(trials, [{ x: 0.6 }], makeSeededRandom(1));
    expect(beside({ x: 0.6 })).toBeLessThan(alone({ x: 0.6 }) - 1);
    const favourite = Array.from({ length: 101 }, (_, step) => step / 100).reduce((best, x) =>
      beside({ x }) > beside({ x: best }) ? x : best,
    );
    expect(Math.abs(favourite - 0.6)).toBeGreaterThan(0.02);
  });

  it('takes a long history', () => {
    const trials = Array.from({ length: 400 }, (_, id) => trialAt((id * 0.618) % 1, id));
    const judge = new Critic(line).learn(trials, [], makeSeededRandom(1));
    expect(Number.isFinite(judge({ x: 0.3 }))).toBe(true);
  });
});

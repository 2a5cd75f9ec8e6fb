import { describe, expect, it } from 'vitest';
import {
  makeParameterAxis,
  makeScoreAxis,
  nameParameters,
  formatValue,
} from '../../../common/charts/parameter-axis.ts';
import { domainOf, makeScale, ticksOf } from '../../../common/charts/scale.ts';
import { stepScores } from '../../../common/charts/score-steps.ts';
import type { SearchParameter } from '../../../common/search-space/search-space.ts';

describe('a scale', () => {
  it('places values and takes them back', () => {
    for (const scale of [makeScale([-2, 6]), makeScale([1e-4, 1], true)])
      for (const unit of [0, 0.25, 1]) expect(scale.unitOf(scale.valueAt(unit))).toBeCloseTo(unit, 12);
    expect(makeScale([1e-4, 1], true).valueAt(0.5)).toBeCloseTo(0.01, 12);
    expect(makeScale([0, 1], true).log).toBe(false);
    expect(makeScale([3, 3]).unitOf(3)).toBe(0.5);
  });
  it('has round ticks inside its domain', () => {
    expect(ticksOf(makeScale([0, 1]))).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticksOf(makeScale([0.513, 0.871]))).toEqual([0.6, 0.7, 0.8]);
    expect(ticksOf(makeScale([-3, 40]), 4)).toEqual([0, 20, 40]);
    expect(ticksOf(makeScale([2e-4, 1e-2], true))).toEqual([1e-3, 1e-2]);
    expect(ticksOf(makeScale([1e-12, 1], true), 4)).toEqual([1e-12, 1e-8, 1e-4, 1]);
    expect(ticksOf(makeScale([5, 5]))).toEqual([5]);
  });
  it('holds all values of its data', () => {
    expect(domainOf([1, 3], 0)).toEqual([1, 3]);
    expect(domainOf([])).toEqual([0, 1]);
    const [low, high] = domainOf([2]);
    expect(low).toBeLessThan(2);
    expect(high).toBeGreaterThan(2);
    expect(
      domainOf(
        Array.from({ length: 200_000 }, (_, index) => index),
        0,
      ),
    ).toEqual([0, 199_999]);
  });
});

describe('scores over time', () => {
  it('come in the order of ending, with the best so far', () => {
    const ended = (job: string, second: number, score: number) => ({
      job,
      endedAt: new Date(second * 1000).toISOString(),
      score,
    });
    const steps = stepScores(
      [ended('c', 30, 0.7), ended('a', 10, 0.5), ended('b', 20, 0.4)],
      new Date(0).toISOString(),
    );
    expect(steps).toEqual([
      { job: 'a', order: 1, seconds: 10, score: 0.5, best: 0.5, isBest: true },
      { job: 'b', order: 2, seconds: 20, score: 0.4, best: 0.5, isBest: false },
      { job: 'c', order: 3, seconds: 30, score: 0.7, best: 0.7, isBest: true },
    ]);
  });
});

describe('an axis', () => {
  const base = { domain: 'net', conditions: [] };
  const norm: SearchParameter = {
    ...base,
    prl: 'net.enum.train.model$0:norm',
    type: 'enum',
    args: ['norm'],
    choices: [['batch'], ['instance'], [[1, 2]]],
  };
  const rate: SearchParameter = {
    ...base,
    prl: 'lr.float.$0:lr',
    type: 'float',
    args: ['lr'],
    min: 1e-4,
    max: 1e-2,
    log: true,
  };
  const depth: SearchParameter = {
    ...base,
    prl: 'net.int.train.model$1:depth',
    type: 'int',
    args: ['depth'],
    min: 2,
    max: 6,
    step: 1,
    log: false,
  };

  it('of choices has one place for each', () => {
    const axis = makeParameterAxis(norm, 'norm');
    expect(axis.ticks.map(({ text }) => text)).toEqual(['batch', 'instance', '[1,2]']);
    expect([0, 1, 2].map((choice) => axis.unitOf(choice))).toEqual([1 / 6, 0.5, 5 / 6]);
    expect(axis.unitOf(undefined)).toBeUndefined();
  });
  it('of numbers has their scale', () => {
    const axis = makeParameterAxis(rate, 'lr');
    expect(axis.unitOf(1e-3)).toBeCloseTo(0.5, 9);
    expect(axis.ticks.map(({ text }) => text)).toEqual(['1e-4', '0.001', '0.01']);
    expect(makeParameterAxis(depth, 'depth').textOf(3)).toBe('3');
    expect(makeScoreAxis([0, 1], 'score').unitOf(0.25)).toBe(0.25);
  });
  it('has a short name, unless two have the same', () => {
    const twin: SearchParameter = { ...rate, prl: 'lr.float.train.optimizer$0:lr' };
    expect(nameParameters([norm, depth]).get(norm.prl)).toBe('norm');
    expect([...nameParameters([rate, twin]).values()]).toEqual([
      'lr (lr.float.$0:lr)',
      'lr (train.optimizer)',
    ]);
  });
  it('writes numbers short', () => {
    expect([0, 1.5e-5, 0.123456, 12, 2e7, -0.5].map(formatValue)).toEqual([
      '0',
      '1.5e-5',
      '0.1235',
      '12',
      '2e7',
      '-0.5',
    ]);
  });
});

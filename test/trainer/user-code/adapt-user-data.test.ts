import { describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import type { ComponentNode } from '../../../common/mmar/resolved-config.ts';
import { asCaseLoader, asDataLoader, asDataset } from '../../../trainer/user-code/adapt-user-data.ts';

const node: ComponentNode = {
  kind: 'component',
  name: 'Mine',
  path: 'a.Mine',
  args: {},
  attributes: {},
  at: [],
};
const listed = [{ image: '/a' }, { image: '/b' }];

function faultOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof FaultError) return error.faults[0]!;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a data set of the user', () => {
  it('chooses cases, or leaves those of the list', () => {
    const choosing = asDataset(node, { cases: (all: unknown[]) => [all[1]], cacheRate: 0.5 });
    expect([choosing.cases(listed), choosing.hasLoad, choosing.cacheRate]).toEqual([[listed[1]], false, 0.5]);
    const loading = asDataset(node, { load: () => ({}) });
    expect([loading.cases(listed), loading.hasLoad, loading.cacheRate]).toEqual([listed, true, 0]);
  });

  it.each([
    ['no method', {}, /lacks cases\(\) or load\(\)/],
    ['a cacheRate above 1', { load: () => ({}), cacheRate: 2 }, /something else in cacheRate/],
    ['a cacheRate in words', { load: () => ({}), cacheRate: 'all' }, /something else in cacheRate/],
  ])('is refused with %s', (_what, own, message) => {
    expect(faultOf(() => asDataset(node, own))).toMatchObject({ code: 'user-code', message });
  });

  it.each([
    ['nothing', undefined],
    ['no cases', []],
    ['cases that are texts', ['/a']],
    ['cases that are lists', [[1]]],
    ['functions, which no thread can be given', [{ image: () => 1 }]],
  ])('that gives %s is a fault', (_what, answer) => {
    const own = asDataset(node, { cases: () => answer });
    expect(faultOf(() => own.cases(listed))).toMatchObject({ code: 'user-code', component: 'Mine' });
  });

  it('that fails is a fault which names it', () => {
    const failing = asDataset(node, { cases: () => JSON.parse('{') as never });
    expect(faultOf(() => failing.cases(listed)).message).toMatch(/^"a.Mine" failed in cases: /);
    const loader = asCaseLoader(node, { load: () => 'a text' });
    expect(faultOf(() => loader.apply(listed[0]!))).toMatchObject({ allowed: 'a case: an object' });
  });
});

describe('a data loader of the user', () => {
  const place = { caseCount: 3, seed: 1 };

  it('plans batches of any sizes, with cases again or not at all', () => {
    const plan = [[0, 0], [2]];
    expect(asDataLoader(node, { plan: () => plan }).plan(1, place)).toBe(plan);
  });

  it.each([
    ['nothing', undefined],
    ['no batches', []],
    ['a batch without cases', [[]]],
    ['a case that is not there', [[3]]],
    ['a negative one', [[-1]]],
    ['half a case', [[0.5]]],
    ['cases without batches', [0, 1]],
  ])('that plans %s is refused', (_what, plan) => {
    const own = asDataLoader(node, { plan: () => plan });
    expect(faultOf(() => own.plan(1, place))).toMatchObject({
      code: 'user-code',
      allowed: 'a list of batches, each a list of whole numbers from 0 to 2',
    });
  });
});

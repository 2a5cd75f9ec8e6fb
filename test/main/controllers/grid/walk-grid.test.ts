import { describe, expect, it } from 'vitest';
import type { SearchParameter } from '../../../../common/search-space/search-space.ts';
import { spreadLevels } from '../../../../main/controllers/grid/spread-levels.ts';
import { walkGrid } from '../../../../main/controllers/grid/walk-grid.ts';

const base = { domain: 'net', args: ['p'], conditions: [] };
const float = { ...base, prl: 'f', type: 'float', min: 0, max: 1, log: false } as const;
const int = { ...base, prl: 'i', type: 'int', min: 1, max: 9, step: 2, log: false } as const;
const choice: SearchParameter = {
  ...base,
  prl: 'c',
  type: 'enum',
  choices: [['a'], ['b'], ['c']],
  current: 2,
};

describe('spreadLevels', () => {
  it('starts in the middle and goes where nothing was tried', () => {
    expect(spreadLevels(float, 5)).toEqual([0.5, 0.1, 0.9, 0.3, 0.7]);
    expect(spreadLevels({ ...float, current: 0.85 }, 5)[0]).toBe(0.9);
  });

  it('takes all values of a small int, and levels of a larger one', () => {
    expect(spreadLevels(int, 5)).toEqual([5, 1, 9, 3, 7]);
    expect([...spreadLevels(int, 2)].sort()).toEqual([3, 7]);
    expect(spreadLevels({ ...int, min: 1, max: 512, step: 1, log: true }, 3)).toEqual([16, 161, 2]);
  });

  it("starts with the config's choice", () => {
    expect(spreadLevels(choice, 2)).toEqual([2, 0, 1]);
  });
});

describe('walkGrid', () => {
  const levels = new Map([
    ['c', [2, 0, 1]],
    ['f', [0.5, 0.1]],
  ]);

  it('goes shell by shell', () => {
    expect([...walkGrid({ parameters: [choice, float] }, levels)].map(({ c, f }) => [c, f])).toEqual([
      [2, 0.5],
      [2, 0.1],
      [0, 0.5],
      [0, 0.1],
      [1, 0.5],
      [1, 0.1],
    ]);
  });

  it('leaves out what is not active, and repeats nothing', () => {
    const dependent = { ...float, conditions: [{ parent: 'c', values: [0] }] };
    expect([...walkGrid({ parameters: [choice, dependent] }, levels)]).toEqual([
      { c: 2 },
      { c: 0, f: 0.5 },
      { c: 0, f: 0.1 },
      { c: 1 },
    ]);
  });
});

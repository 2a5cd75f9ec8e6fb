import { describe, expect, it } from 'vitest';
import type { Json } from '../../../common/json.ts';
import { describeSearchSpace } from '../../../common/search-space/describe-search-space.ts';
import { parseSearchSpace } from '../../../common/search-space/search-space-schema.ts';
import { loadConfig, spaceOf } from './load-config.ts';

const choice = { prl: 'a', domain: 'net', type: 'enum', args: ['a'], choices: [[1], [2]] };
const rate = { prl: 'b', domain: 'lr', type: 'float', args: ['b'], min: 1, max: 2 };
const parse = (...parameters: Json[]): ReturnType<typeof parseSearchSpace> =>
  parseSearchSpace({ parameters }, 'space.json');

describe('parseSearchSpace', () => {
  it('reads what describeSearchSpace prints', () => {
    const { parameters } = spaceOf(loadConfig('extensions'));
    const printed = JSON.parse(JSON.stringify(describeSearchSpace({ parameters }))) as Json;
    expect(parseSearchSpace(printed)).toEqual({ ok: true, value: { parameters } });
  });

  it('fills in defaults and puts parents first', () => {
    const child = { ...rate, conditions: [{ parent: 'a', values: [0] }] };
    expect(parse(child, choice)).toEqual({
      ok: true,
      value: {
        parameters: [
          { ...choice, conditions: [] },
          { ...child, log: false },
        ],
      },
    });
  });

  it.each([
    ['no parameters', [], 'schema'],
    ['an unknown type', [{ ...choice, type: 'text' }], 'schema'],
    ['a fraction among the bounds of an int', [{ ...rate, type: 'int', min: 0.5 }], 'schema'],
    ['a parameter that stands twice', [choice, choice], 'search-duplicate'],
    ['a range without width', [{ ...rate, max: 1 }], 'search-target'],
    ['a log scale from zero', [{ ...rate, min: 0, log: true }], 'search-target'],
    ['an int whose steps miss its end', [{ ...rate, type: 'int', max: 4, step: 2 }], 'search-target'],
    ['a choice with too few values', [{ ...choice, args: ['a', 'b'] }], 'search-target'],
    ['a current value out of range', [{ ...choice, current: 2 }], 'search-target'],
    [
      'a condition on nothing',
      [{ ...choice, conditions: [{ parent: 'x', values: [0] }] }],
      'search-condition',
    ],
    [
      'a condition on a float',
      [rate, { ...choice, conditions: [{ parent: 'b', values: [1] }] }],
      'search-condition',
    ],
    [
      'a condition on a choice that is not there',
      [choice, { ...rate, conditions: [{ parent: 'a', values: [2] }] }],
      'search-condition',
    ],
    [
      'a circle',
      [
        { ...choice, conditions: [{ parent: 'c', values: [0] }] },
        { ...choice, prl: 'c', conditions: [{ parent: 'a', values: [0] }] },
      ],
      'search-condition',
    ],
    [
      'conditions that never hold together',
      [
        choice,
        { ...choice, prl: 'c', conditions: [{ parent: 'a', values: [0] }] },
        {
          ...rate,
          conditions: [
            { parent: 'a', values: [1] },
            { parent: 'c', values: [0] },
          ],
        },
      ],
      'search-condition',
    ],
  ])('refuses %s', (_, parameters, code) => {
    const parsed = parse(...(parameters as Json[]));
    expect(parsed).toMatchObject({ ok: false, faults: [{ code, file: 'space.json' }] });
  });
});

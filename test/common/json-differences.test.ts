import { describe, expect, it } from 'vitest';
import { describePlace, findJsonDifferences } from '../../common/json-differences.ts';

const find = (...documents: Parameters<typeof findJsonDifferences>[0]) =>
  findJsonDifferences(documents).map((difference) => [describePlace(difference), difference.values]);

describe('differences of JSON documents', () => {
  it('are found where they are, however deep', () => {
    expect(find({ a: 1, b: { c: [1, { d: 2 }] } }, { a: 1, b: { c: [1, { d: 3 }] } })).toEqual([
      ['b.c[1].d', [2, 3]],
    ]);
  });
  it('are what one has and another has not', () => {
    expect(find({ a: 1 }, { b: null }, { a: 1 })).toEqual([
      ['a', [1, undefined, 1]],
      ['b', [undefined, null, undefined]],
    ]);
  });
  it('are whole lists of unequal length, and whole values of unequal kind', () => {
    expect(find({ a: [1, 2], b: 1 }, { a: [1], b: { c: 1 } })).toEqual([
      ['a', [[1, 2], [1]]],
      ['b', [1, { c: 1 }]],
    ]);
  });
  it('are none between equal documents', () => {
    expect(find({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]);
    expect(find()).toEqual([]);
  });
});

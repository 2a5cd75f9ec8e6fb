import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boolean,
  integer,
  listOf,
  message,
  number,
  oneOf,
  parseFields,
  text,
  UnfitValue,
} from '../../../../main/mlflow/server/wire/fields.ts';

const unfit = (body: () => unknown): string => {
  try {
    body();
  } catch (error) {
    if (error instanceof UnfitValue) return error.path;
    throw error;
  }
  return 'fits';
};

describe('the fields of a request', () => {
  const fields = {
    name: text,
    count: integer,
    value: number,
    is_on: boolean,
    status: oneOf(['RUNNING', 'DONE']),
    tags: listOf(message({ key: text, value: text })),
  };

  it('have either spelling of their names; null is absent, the unknown ignored', () => {
    expect(parseFields(fields, { name: 'a', isOn: true, count: null, other: [1], toString: 5 })).toEqual({
      name: 'a',
      is_on: true,
    });
    expect(() => parseFields(fields, { is_on: true, isOn: true })).toThrow("both 'is_on' and 'isOn'");
    expect(
      Object.keys(parseFields(fields, JSON.parse('{"__proto__": {"x": 1}, "constructor": "x"}'))),
    ).toEqual([]);
  });

  it('are integers also as texts, within 64 bits', () => {
    for (const good of [0, -5, '7', 1e3, '1e3'])
      expect(parseFields(fields, { count: good }).count).toBe(Number(good));
    for (const bad of [1.5, '1.5', 'x', '', ' 1', true, [], {}, 2 ** 63, -(2 ** 64), NaN])
      expect(unfit(() => parseFields(fields, { count: bad }))).toBe('count');
  });

  it('are numbers, with words for what JSON lacks', () => {
    for (const [given, meant] of [
      [1.5, 1.5],
      ['2', 2],
      ['NaN', NaN],
      ['Infinity', Infinity],
      ['-Infinity', -Infinity],
      ['-inf', -Infinity],
      ['1e400', Infinity],
    ] as const)
      expect(parseFields(fields, { value: given }).value).toBe(meant);
    for (const bad of ['', 'abc', 'nan', '0x10', [], {}])
      expect(unfit(() => parseFields(fields, { value: bad }))).toBe('value');
  });

  it('are words of a list or their numbers; other words count as absent', () => {
    expect(parseFields(fields, { status: 'DONE' })).toEqual({ status: 'DONE' });
    expect(parseFields(fields, { status: 2 })).toEqual({ status: 'DONE' });
    expect(parseFields(fields, { status: 'LOST' })).toEqual({});
    expect(unfit(() => parseFields(fields, { status: [] }))).toBe('status');
  });

  it('say where a value does not fit', () => {
    expect(unfit(() => parseFields(fields, { tags: [{ key: 'a' }, { key: 5 }] }))).toBe('tags[1].key');
    expect(unfit(() => parseFields(fields, { tags: [null] }))).toBe('tags[0]');
    expect(unfit(() => parseFields(fields, { tags: {} }))).toBe('tags');
    expect(unfit(() => parseFields(fields, { name: '\ud800' }))).toBe('name');
  });

  it('are read or refused, whatever comes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(fields), 'isOn'), fc.jsonValue()), (json) => {
        const where = unfit(() => {
          try {
            parseFields(fields, json);
          } catch (error) {
            if (error instanceof Error && error.message.startsWith('Request specifies both')) return;
            throw error;
          }
        });
        expect(where).toMatch(/^(fits|name|count|value|is_on|status|tags(\[\d+\](\.(key|value))?)?)$/);
      }),
    );
  });
});

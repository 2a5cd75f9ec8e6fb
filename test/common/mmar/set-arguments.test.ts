import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import { formatSetArguments, parseSetArguments, parseSetValue } from '../../../common/mmar/set-arguments.ts';

describe('parseSetValue', () => {
  it.each([
    ['3', 3],
    ['-7', -7],
    ['+5', 5],
    ['1_000', 1000],
    ['1', 1],
    ['0', 0],
    ['2e-4', 0.0002],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['True', true],
    ['YES', true],
    ['t', true],
    ['on', true],
    ['false', false],
    ['N', false],
    ['off', false],
    ['', ''],
    ['0:1', '0:1'],
    ['0,1', '0,1'],
    ['1__0', '1__0'],
    ['nan', 'nan'],
    ['inf', 'inf'],
    ['models/x', 'models/x'],
    ['yes!', 'yes!'],
  ])('reads %j', (text, value) => {
    expect(parseSetValue(text)).toBe(value);
  });
});

describe('parseSetArguments', () => {
  it('splits at the first = and trims the key', () => {
    expect(unwrap(parseSetArguments([' a =b=c', 'empty='])).values).toEqual({ a: 'b=c', empty: '' });
  });

  it('keeps the text for names that look like numbers', () => {
    const { values, texts } = unwrap(
      parseSetArguments(['run_id=1e3', 'workers=0', 'big=20260101123456789012']),
    );
    expect(values).toMatchObject({ run_id: 1000, workers: 0 });
    expect(texts).toEqual({ run_id: '1e3', workers: '0', big: '20260101123456789012' });
  });

  it('lets the last word win and formats back to the same', () => {
    const parsed = unwrap(parseSetArguments(['a=1', 'b=x', 'a=2']));
    expect(parsed.values.a).toBe(2);
    expect(unwrap(parseSetArguments(formatSetArguments(parsed)))).toEqual(parsed);
  });

  it('reports every word without a name', () => {
    const parsed = parseSetArguments(['novalue', '=1', 'a=1']);
    expect(parsed).toMatchObject({ ok: false, faults: [{ code: 'usage' }, { code: 'usage' }] });
  });
});

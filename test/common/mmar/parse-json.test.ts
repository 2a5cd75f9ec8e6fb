import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFault } from '../../../common/fault.ts';
import { parseJsonObject, parseJsonText } from '../../../common/mmar/parse-json.ts';
import { loadConfig } from './load-config.ts';

function faultOf(text: string): string {
  const parsed = parseJsonText(text, 'config.json');
  if (parsed.ok) throw new Error(`parsed: ${JSON.stringify(parsed.value)}`);
  return parsed.faults.map(formatFault).join('\n');
}

describe('parseJsonText', () => {
  it.each([
    '{"a": [1, -2.5e3, true, false, null, "x\\u00e9\\n"], "b": {}}',
    '[]',
    ' "text" ',
    '0',
    '{"__proto__": {"x": 1}, "constructor": 2}',
  ])('agrees with JSON.parse on %s', (text) => {
    expect(parseJsonText(text, 'f')).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it('accepts a byte order mark', () => {
    expect(parseJsonText('\ufeff{"a": 1}', 'f')).toEqual({ ok: true, value: { a: 1 } });
  });

  it('keeps __proto__ as a plain key', () => {
    const parsed = parseJsonText('{"__proto__": {"polluted": true}}', 'f');
    expect(parsed.ok && Object.keys(parsed.value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each([
    ['{"a": 1,\n  "b" 2}', 'config.json:2:7: Expected \':\' after the key "b", found "2".'],
    ['{"a": 1\n "b": 2}', "config.json:2:2: Expected ',' or '}', found \"\\\"\"."],
    ['[1, 2', "config.json:1:6: Expected ',' or ']', found the end of the file (opened in line 1)."],
    ['{\n"a": {"b": [1,', 'config.json:2:15: Expected a value, found the end of the file.'],
    ['[1, 1e400]', 'config.json:1:5: The number 1e400 is too large.'],
    ['[1,]', 'config.json:1:4: Expected a value, found "]".'],
    ['{"a": 1,}', 'config.json:1:9: Expected a key in double quotes, found "}".'],
    ["{'a': 1}", 'config.json:1:2: Expected a key in double quotes, found "\'".'],
    ['{"a": True}', 'config.json:1:7: Expected a value, found "True" (JSON writes true, false, null).'],
    ['[NaN]', 'config.json:1:2: Expected a value, found "NaN".'],
    ['[01]', 'config.json:1:2: Expected a value, found "01".'],
    ['["never closed]', 'config.json:1:2: The file ends inside a string.'],
    ['["a\nb"]', 'config.json:1:4: A string contains a line break or another control character.'],
    ['["\\x"]', 'config.json:1:2: A string contains an invalid escape.'],
    ['{"a": 1, "a": 2}', 'config.json:1:10: The key "a" stands twice in one object.'],
    ['{} {}', 'config.json:1:4: "{" after the end of the document.'],
    ['', 'config.json:1:1: Expected a value, found the end of the file.'],
  ])('says where %j breaks', (text, message) => {
    expect(faultOf(text)).toBe(message);
  });

  it('refuses a document that is nested too deep, instead of overflowing', () => {
    expect(faultOf('['.repeat(100_000))).toMatch(/Nested deeper than 200 levels/);
  });
});

describe('parseJsonText, whatever the text', () => {
  it('reads back what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(parseJsonText(text, 'f')).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it('accepts nothing that JSON.parse refuses', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-',
      '.5',
      'e3',
      'null',
      'nul',
      ' ',
      '"',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        if (parseJsonText(text, 'f').ok) expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('finds a fault, with a place inside the text, wherever a config is cut off', () => {
    const text = (loadConfig('validation-4.1').config as string).trimEnd();
    for (let length = 0; length < text.length; length += 7) {
      const parsed = parseJsonText(text.slice(0, length), 'f');
      expect(parsed).toMatchObject({ ok: false, faults: [{ code: 'json-syntax' }] });
      if (!parsed.ok) expect(parsed.faults[0].line).toBeLessThanOrEqual(text.split('\n').length);
    }
  });
});

describe('parseJsonObject', () => {
  it('refuses any other root', () => {
    expect(parseJsonObject('[1]', 'f')).toMatchObject({ ok: false, faults: [{ code: 'schema', file: 'f' }] });
  });
});

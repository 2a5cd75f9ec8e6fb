import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { valueOf } from '../../../common/mmar-edit/json-tree.ts';
import { readJsonTree } from '../../../common/mmar-edit/read-json-tree.ts';
import { parseJsonText } from '../../../common/mmar/parse-json.ts';

const read = (text: string) => {
  const { root, problems } = readJsonTree(text);
  return {
    value: root === undefined ? undefined : valueOf(root),
    problems: problems.map(({ message }) => message),
  };
};

describe('reading JSON that may be broken', () => {
  it('reads every config that the strict reader reads, to the same value', () => {
    const folder = join(import.meta.dirname, '../../fixtures/configs');
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), 'utf8');
      const strict = parseJsonText(text, name);
      expect(read(text), name).toEqual({ value: strict.ok ? strict.value : undefined, problems: [] });
    }
  });

  it('has a problem exactly where the strict reader refuses', () => {
    const piece = fc.constantFrom(
      ...'{}[],:'.split(''),
      '"a"',
      '"b\\n"',
      '"open',
      '"\\x"',
      '1',
      '-0.5e3',
      '01',
      'true',
      'None',
      ' ',
      '\n',
      '// c\n',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.jsonValue().map((value) => JSON.stringify(value, null, 2)),
    );
    fc.assert(
      fc.property(text, (source) => {
        const strict = parseJsonText(source, 'x');
        const { value, problems } = read(source);
        expect(problems.length === 0).toBe(strict.ok);
        if (strict.ok) expect(value).toEqual(strict.value);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives every node its own text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (drawn) => {
        const value = JSON.parse(JSON.stringify(drawn)) as unknown;
        const text = JSON.stringify(value, null, 2);
        const root = readJsonTree(text).root!;
        expect(text.slice(root.from, root.to)).toBe(text);
        const parts = root.kind === 'array' ? root.items : [];
        parts.forEach((part, index) =>
          expect(JSON.parse(text.slice(part.from, part.to))).toEqual((value as unknown[])[index]),
        );
      }),
    );
  });

  it.each([
    ['a missing comma', '{"a": 1 "b": 2}', { a: 1, b: 2 }, "Expected ',' or '}'"],
    ['a second comma', '[1,, 2]', [1, 2], 'Expected a value'],
    ['a comma at the end', '{"a": 1,}', { a: 1 }, 'Expected a key after the comma'],
    ['a key without a value', '{"a": , "b": 2}', { b: 2 }, 'Expected a value for "a"'],
    ['a key alone', '{"a": 1, "b"}', { a: 1 }, 'Expected \':\' after the key "b"'],
    ['an open list', '{"a": [1, 2}', { a: [1, 2] }, "Expected ']'"],
    ['an open document', '{"a": {"b": 1', { a: { b: 1 } }, "Expected '}', found the end of the file"],
    ['an open string', '{"a": "b\n, "c": 1}', { a: 'b', c: 1 }, 'The string is not closed'],
    ['a comment', '{"a": 1 /* one */}', { a: 1 }, 'JSON has no comments'],
    ['a word of Python', '[True]', [true], 'Expected a value, found "True"; JSON writes true, false, null'],
    ['a key twice', '{"a": 1, "a": 2}', { a: 2 }, 'The key "a" stands twice in one object'],
    ['single quotes', '{\'a\': 1, "b": 2}', { a: 1, b: 2 }, 'Expected a key in double quotes'],
    ['nothing', '  ', undefined, 'Expected a value, found the end of the file'],
    ['something behind the end', '{} {}', {}, 'Expected the end of the document'],
    ['colons in a list', '[1 : 2]', [1, 2], "Expected ',' or ']'"],
  ])('goes on after %s', (_, text, value, problem) => {
    const found = read(text);
    expect(found.value).toEqual(value);
    expect(found.problems[0]).toBe(problem);
  });

  it('is soon done with what is no JSON at all', () => {
    const { problems } = readJsonTree(`{${'a b: c '.repeat(200_000)}`);
    expect(problems).toHaveLength(100);
  });

  it('does not run out of stack', () => {
    const { problems } = readJsonTree('['.repeat(100_000));
    expect(problems[0]!.message).toBe('Nested deeper than 200 levels');
  });
});

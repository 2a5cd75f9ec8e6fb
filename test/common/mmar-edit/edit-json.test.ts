import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  insertItem,
  moveItem,
  openText,
  removeValue,
  renameKey,
  setValue,
  type EditedText,
} from '../../../common/mmar-edit/edit-json.ts';
import { applyEdits, type TextEdit } from '../../../common/mmar-edit/text-edit.ts';
import { isJsonObject, type Json, type JsonPath } from '../../../common/json.ts';

const template = readFileSync(
  join(import.meta.dirname, '../../../mmar-templates/segmentation-unet-3d/config/config_train.json'),
  'utf8',
);

const change = (text: string, edit: (edited: EditedText) => readonly TextEdit[]): string =>
  applyEdits(text, edit(openText(text)));

describe('setting a value', () => {
  it('replaces a number and nothing else', () => {
    const after = change(template, (text) => setValue(text, ['train', 'model', 'args', 'num_res_units'], 4));
    expect(after).toBe(template.replace('"num_res_units": 2', '"num_res_units": 4'));
  });

  it('adds a key to an object on one line', () => {
    const after = change(template, (text) =>
      setValue(text, ['train', 'pre_transforms', 0, 'args', 'dtype'], 'float32'),
    );
    expect(after).toBe(
      template.replace(
        '"LoadImaged", "args": { "keys": ["image", "label"] }',
        '"LoadImaged", "args": { "keys": ["image", "label"], "dtype": "float32" }',
      ),
    );
  });

  it('adds a key on a line of its own where the others have one', () => {
    expect(change('{\n    "a": 1\n}\n', (text) => setValue(text, ['b'], [1, 2]))).toBe(
      '{\n    "a": 1,\n    "b": [1, 2]\n}\n',
    );
  });

  it('makes the objects on the way', () => {
    expect(change('{ "name": "ToTensord" }', (text) => setValue(text, ['args', 'keys'], 'image'))).toBe(
      '{ "name": "ToTensord", "args": { "keys": "image" } }',
    );
  });

  it('breaks what does not fit on a line, in the style of the file', () => {
    const keys = Array.from({ length: 30 }, (_, index) => `key_${index}`);
    const after = change('{\n\t"a": 1\n}', (text) => setValue(text, ['a'], keys));
    expect(after.startsWith('{\n\t"a": [\n\t\t"key_0",\n\t\t"key_1"')).toBe(true);
    expect(after.endsWith('"key_29"\n\t]\n}')).toBe(true);
  });

  it('keeps several lines where there were several', () => {
    expect(change('{\n  "a": [\n    1,\n    2\n  ]\n}', (text) => setValue(text, ['a'], [3]))).toBe(
      '{\n  "a": [\n    3\n  ]\n}',
    );
  });

  it('has nothing to do where the value stands already', () => {
    expect(setValue(openText(template), ['epochs'], 30)).toEqual([]);
  });

  it('refuses a path through a number', () => {
    expect(setValue(openText('{"a": 1}'), ['a', 'b'], 2)).toEqual([]);
  });

  it('writes a document where there is none', () => {
    expect(change(' \n', (text) => setValue(text, ['a', 'b'], 1))).toBe('{ "a": { "b": 1 } }\n');
  });

  it('finishes a key without a value', () => {
    expect(change('{"a": , "b": 2}', (text) => setValue(text, ['a'], 1))).toBe('{"a": 1 , "b": 2}');
  });
});

describe('items', () => {
  const list = '{\n  "l": [\n    { "name": "A" },\n    { "name": "B" }, \n    { "name": "C" }\n  ]\n}';

  it('moves the text of an item as it is', () => {
    expect(change(list, (text) => moveItem(text, ['l'], 0, 2))).toBe(
      '{\n  "l": [\n    { "name": "B" }, \n    { "name": "C" },\n    { "name": "A" }\n  ]\n}',
    );
  });

  it('inserts before, between and after', () => {
    for (const [index, names] of [
      [0, 'XABC'],
      [1, 'AXBC'],
      [3, 'ABCX'],
    ] as const) {
      const after = change(list, (text) => insertItem(text, ['l'], index, { name: 'X' }));
      const { l } = JSON.parse(after) as { l: { name: string }[] };
      expect(l.map(({ name }) => name).join('')).toBe(names);
      expect(after.split('\n')).toHaveLength(8);
    }
  });

  it('makes the list where there is none', () => {
    expect(change('{ "name": "A" }', (text) => insertItem(text, ['search'], 0, { type: 'bool' }))).toBe(
      '{ "name": "A", "search": [{ "type": "bool" }] }',
    );
  });

  it('fills an empty list', () => {
    expect(change('{\n  "l": []\n}', (text) => insertItem(text, ['l'], 0, 1))).toBe('{\n  "l": [1]\n}');
  });

  it('gives a comma at the end the part that it waits for', () => {
    expect(change('[1, 2,]', (text) => insertItem(text, [], 2, 3))).toBe('[1, 2, 3]');
  });

  it('removes the last one that is left', () => {
    expect(change('{ "search": [ 1 ] }', (text) => removeValue(text, ['search', 0]))).toBe(
      '{ "search": [] }',
    );
  });

  it('renames a key, unless the name is taken', () => {
    expect(change('{"a": 1, "b": 2}', (text) => renameKey(text, ['a'], 'c'))).toBe('{"c": 1, "b": 2}');
    expect(renameKey(openText('{"a": 1, "b": 2}'), ['a'], 'b')).toEqual([]);
  });
});

/** JSON texts in several styles. */
const document = fc
  .tuple(
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'name', 'args'), fc.jsonValue({ maxDepth: 3 })),
    fc.constantFrom(0, 2, 4, '\t'),
  )
  .map(([value, indent]) => ({ value: JSON.parse(JSON.stringify(value)) as Json, indent }))
  .map(({ value, indent }) => ({ value, text: JSON.stringify(value, null, indent) }));

function pathsOf(value: Json, path: JsonPath = []): JsonPath[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, item]) =>
      pathsOf(item as Json, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

const at = (value: Json, path: JsonPath): Json =>
  path.reduce<Json>((inner, step) => (inner as Record<string, Json>)[step]!, value);

function withValue(value: Json, path: JsonPath, set: (parent: Json, step: string | number) => void): Json {
  const copy = structuredClone(value) as Json;
  set(at(copy, path.slice(0, -1)), path.at(-1)!);
  return copy;
}

const doc = (pick: number, options: readonly JsonPath[]): JsonPath => options[pick % options.length]!;

describe('every edit', () => {
  const checkEdits = (text: string, edits: readonly TextEdit[], expected: Json): void => {
    const after = applyEdits(text, edits);
    expect(JSON.parse(after)).toEqual(expected);
    // What no edit covers is still there, byte for byte and in order.
    let offset = 0;
    let result = 0;
    for (const { from, to, insert } of edits) {
      expect(after.slice(result, result + from - offset)).toBe(text.slice(offset, from));
      result += from - offset + insert.length;
      offset = to;
    }
    expect(after.slice(result)).toBe(text.slice(offset));
  };

  it('sets what it is told, anywhere', () => {
    fc.assert(
      fc.property(document, fc.nat(), fc.jsonValue({ maxDepth: 2 }), ({ value, text }, pick, raw) => {
        const wanted = JSON.parse(JSON.stringify(raw)) as Json;
        const path = doc(pick, pathsOf(value));
        const expected =
          path.length === 0
            ? wanted
            : withValue(value, path, (parent, step) => ((parent as Record<string, Json>)[step] = wanted));
        checkEdits(text, setValue(openText(text), path, wanted), expected);
      }),
      { numRuns: 500 },
    );
  });

  it('removes what it is told, anywhere', () => {
    fc.assert(
      fc.property(document, fc.nat(), ({ value, text }, pick) => {
        const path = doc(pick, pathsOf(value));
        if (path.length === 0) return;
        const expected = withValue(value, path, (parent, step) => {
          if (Array.isArray(parent)) parent.splice(Number(step), 1);
          else delete (parent as Record<string, Json>)[step];
        });
        checkEdits(text, removeValue(openText(text), path), expected);
      }),
      { numRuns: 500 },
    );
  });

  it('moves and inserts in any list', () => {
    const lists = document.filter(({ value }) =>
      pathsOf(value).some((path) => Array.isArray(at(value, path)) && (at(value, path) as Json[]).length > 1),
    );
    fc.assert(
      fc.property(lists, fc.nat(), fc.nat(), fc.nat(), ({ value, text }, pick, a, b) => {
        const paths = pathsOf(value).filter(
          (path) => Array.isArray(at(value, path)) && (at(value, path) as Json[]).length > 1,
        );
        const path = doc(pick, paths);
        const items = at(value, path) as Json[];
        const [from, to] = [a % items.length, b % items.length];
        const moved = items.toSpliced(from, 1).toSpliced(to, 0, items[from]!);
        const inserted = items.toSpliced(to, 0, 'new');
        const put = (list: Json[]): Json =>
          withValue(value, [...path, 0], (parent) => (parent as Json[]).splice(0, items.length, ...list));
        checkEdits(text, moveItem(openText(text), path, from, to), put(moved));
        checkEdits(text, insertItem(openText(text), path, to, 'new'), put(inserted));
      }),
      { numRuns: 500 },
    );
  });

  it('adds a new key to any object', () => {
    fc.assert(
      fc.property(document, fc.nat(), ({ value, text }, pick) => {
        const paths = pathsOf(value).filter((path) => isJsonObject(at(value, path)));
        const path = [...doc(pick, paths), 'added'];
        const expected = withValue(value, path, (parent) => ((parent as Record<string, Json>).added = [1]));
        checkEdits(text, setValue(openText(text), path, [1]), expected);
      }),
    );
  });
});

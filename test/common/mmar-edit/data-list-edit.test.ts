import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCases,
  arrangeCases,
  moveCases,
  removeCases,
  replaceBeginnings,
  setCaseFile,
} from '../../../common/mmar-edit/data-list-edit.ts';
import { openText, type EditedText } from '../../../common/mmar-edit/edit-json.ts';
import { outlineDataList, type CaseRef } from '../../../common/mmar-edit/outline-data-list.ts';
import { applyEdits, type TextEdit } from '../../../common/mmar-edit/text-edit.ts';
import { isJsonObject, type Json } from '../../../common/json.ts';

const text = `{
  "name": "Hippocampus",
  "labels": { "0": "background" },
  "numTraining": 3,
  "numTest": 2,
  "training": [
    { "image": "i/a.nii", "label": "l/a.nii" },
    {"image":"i/b.nii",   "label":"l/b.nii"},
    { "image": ["i/c_0.nii", "i/c_1.nii"], "label": "l/c.nii", "age": 61 }
  ],
  "test": ["i/t.nii", "i/u.nii"]
}
`;

const change = (before: string, edit: (edited: EditedText) => readonly TextEdit[]): string =>
  applyEdits(before, edit(openText(before)));
const at = (key: string, ...indexes: number[]): CaseRef[] => indexes.map((index) => ({ key, index }));
const read = (changed: string): Record<string, Json[]> => JSON.parse(changed) as Record<string, Json[]>;

describe('cases of a data list', () => {
  it('are taken out with their lines, and the count with them', () => {
    const after = change(text, (edited) => removeCases(edited, [...at('training', 0, 2), ...at('test', 0)]));
    expect(after).toBe(
      text
        .replace('{ "image": "i/a.nii", "label": "l/a.nii" },\n    ', '')
        .replace(',\n    { "image": ["i/c_0.nii", "i/c_1.nii"], "label": "l/c.nii", "age": 61 }', '')
        .replace('"i/t.nii", ', '')
        .replace('"numTraining": 3', '"numTraining": 1')
        .replace('"numTest": 2', '"numTest": 1'),
    );
  });

  it('leave an empty list when all go', () => {
    const after = change(text, (edited) => removeCases(edited, at('training', 2, 0, 1)));
    expect(after).toContain('"training": []');
    expect(read(after).numTraining).toBe(0);
  });

  it('move with their text to another section', () => {
    const after = change(text, (edited) => moveCases(edited, at('training', 1), 'test'));
    expect(after).toContain('"test": ["i/t.nii", "i/u.nii", {"image":"i/b.nii",   "label":"l/b.nii"}]');
    expect(read(after).training).toHaveLength(2);
    expect(read(after).numTest).toBe(3);
  });

  it('make the section that they move to', () => {
    const after = change(text, (edited) =>
      moveCases(edited, [...at('training', 0), ...at('test', 1)], 'validation'),
    );
    expect(after).toContain(`  "test": ["i/t.nii"],
  "validation": [
    { "image": "i/a.nii", "label": "l/a.nii" },
    "i/u.nii"
  ]
}`);
  });

  it('move nowhere when they are there', () => {
    expect(moveCases(openText(text), at('test', 0), 'test')).toEqual([]);
  });

  it('are added as the others are written', () => {
    const item = { image: 'i/d.nii', label: 'l/d.nii' };
    const oneLine = change(text, (edited) => addCases(edited, 'training', [item, item]));
    expect(oneLine).toContain(`"age": 61 },
    { "image": "i/d.nii", "label": "l/d.nii" },
    { "image": "i/d.nii", "label": "l/d.nii" }
  ],`);
    const lines = JSON.stringify({ training: [item] }, null, 2);
    expect(change(lines, (edited) => addCases(edited, 'training', [item]))).toBe(
      JSON.stringify({ training: [item, item] }, null, 2),
    );
    expect(read(change('', (edited) => addCases(edited, 'training', [item]))).training).toEqual([item]);
    expect(
      read(change('{ "training": [] }', (edited) => addCases(edited, 'training', [item]))).training,
    ).toEqual([item]);
  });

  it('get other files', () => {
    const set = (ref: CaseRef, field: string, path: string, channel?: number): Json =>
      read(change(text, (edited) => setCaseFile(edited, ref, field, path, channel)))[ref.key]![ref.index]!;
    expect(set({ key: 'training', index: 0 }, 'label', 'l/x.nii')).toEqual({
      image: 'i/a.nii',
      label: 'l/x.nii',
    });
    expect(set({ key: 'training', index: 0 }, 'label', '')).toEqual({ image: 'i/a.nii' });
    expect(set({ key: 'training', index: 2 }, 'image', 'x.nii', 1)).toMatchObject({
      image: ['i/c_0.nii', 'x.nii'],
    });
    expect(set({ key: 'test', index: 0 }, 'image', 'x.nii')).toBe('x.nii');
    expect(set({ key: 'test', index: 0 }, 'label', 'x.nii')).toEqual({ image: 'i/t.nii', label: 'x.nii' });
    expect(setCaseFile(openText(text), { key: 'test', index: 0 }, 'image', '')).toEqual([]);
    expect(setCaseFile(openText(text), { key: 'test', index: 9 }, 'image', 'x')).toEqual([]);
  });

  it('get another beginning of their paths, and nothing else changes', () => {
    const after = change(text, (edited) =>
      replaceBeginnings(edited, ['training', 'test'], 'i/', '/new/"i"/'),
    );
    expect(after).toBe(text.replaceAll('"i/', '"/new/\\"i\\"/'));
  });

  it('are arranged by a split with their texts as they are', () => {
    const after = change(text, (edited) =>
      arrangeCases(edited, {
        training: [...at('test', 1), ...at('training', 2)],
        validation: at('training', 1),
        test: [],
      }),
    );
    expect(read(after)).toMatchObject({
      numTraining: 2,
      numTest: 0,
      training: ['i/u.nii', { age: 61 }],
      validation: [{ image: 'i/b.nii' }],
      test: [],
    });
    expect(after).toContain('{"image":"i/b.nii",   "label":"l/b.nii"}');
  });

  it('are what is left, whatever is taken out and moved', () => {
    const cases = fc.array(fc.constantFrom<Json>('a.nii', { image: 'b.nii' }, ['c.nii', 'd.nii']), {
      maxLength: 7,
    });
    const style = fc.constantFrom(undefined, 1, 2, '\t');
    fc.assert(
      fc.property(cases, cases, style, fc.infiniteStream(fc.boolean()), (training, test, space, coin) => {
        const before = JSON.stringify({ training, test, name: 'x' }, null, space);
        const chosen = training.map(() => coin.next().value as boolean);
        const refs = at('training', ...[...training.keys()].filter((index) => chosen[index]!));
        const kept = training.filter((_, index) => !chosen[index]);
        expect(read(change(before, (edited) => removeCases(edited, refs)))).toEqual({
          training: kept,
          test,
          name: 'x',
        });
        const moved = training.filter((_, index) => chosen[index]);
        expect(read(change(before, (edited) => moveCases(edited, refs, 'test')))).toEqual({
          training: kept,
          test: [...test, ...moved],
          name: 'x',
        });
      }),
    );
  });
});

describe('the outline of a data list', () => {
  it('has the sections that are used first, and entries that are no cases too', () => {
    const list = JSON.parse(text) as Json;
    const sections = outlineDataList(list, { VAL_DATALIST_KEY: 'held_out' });
    expect(sections.map(({ key, use, isPresent, cases }) => [key, use, isPresent, cases.length])).toEqual([
      ['training', 'train', true, 3],
      ['held_out', 'validate', false, 0],
      ['test', 'infer', true, 2],
    ]);
    expect(sections[0]!.cases[2]).toMatchObject({
      id: 'training/2',
      image: ['i/c_0.nii', 'i/c_1.nii'],
      label: ['l/c.nii'],
      isCase: true,
    });
    const odd = outlineDataList(
      { training: [3, { patient: 'x' }], labels: ['a'], mine: [{ image: 'a' }] },
      {},
    );
    expect(odd.map(({ key }) => key)).toEqual(['training', 'validation', 'test', 'mine']);
    expect(odd[0]!.cases.map(({ isCase }) => isCase)).toEqual([false, false]);
    expect(isJsonObject(odd[0]!.cases[0]!.fields)).toBe(true);
    expect(outlineDataList('no list', {}).every(({ cases }) => cases.length === 0)).toBe(true);
  });
});

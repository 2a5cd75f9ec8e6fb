import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openText, type EditedText } from '../../../common/mmar-edit/edit-json.ts';
import {
  addComponent,
  chooseAlternative,
  duplicateComponent,
  removeComponent,
  setDisabled,
  setKey,
} from '../../../common/mmar-edit/form-edit.ts';
import { outlineTrainConfig, type SlotOutline } from '../../../common/mmar-edit/outline-config.ts';
import { applyEdits, type TextEdit } from '../../../common/mmar-edit/text-edit.ts';
import type { Json } from '../../../common/json.ts';

const template = readFileSync(
  join(import.meta.dirname, '../../../mmar-templates/segmentation-unet-3d/config/config_train.json'),
  'utf8',
);
const change = (text: string, edit: (edited: EditedText) => readonly TextEdit[]): string =>
  applyEdits(text, edit(openText(text)));
const slotOf = (text: string, name: string): SlotOutline =>
  outlineTrainConfig(JSON.parse(text) as Json)[0]!.slots.find(({ slot }) => slot === name)!;
const component = { name: 'SGD', args: { lr: 0.1 } };

describe('adding a component', () => {
  it('puts it behind those of a list, on a line of its own', () => {
    const after = change(template, (text) =>
      addComponent(text, slotOf(template, 'pre_transforms'), { name: 'RandFlipd', args: { keys: 'image' } }),
    );
    expect(after).toBe(
      template.replace(
        '{ "name": "ToTensord", "args": { "keys": ["image", "label"] } }\n    ],',
        '{ "name": "ToTensord", "args": { "keys": ["image", "label"] } },\n' +
          '      { "name": "RandFlipd", "args": { "keys": "image" } }\n    ],',
      ),
    );
  });

  it('makes an alternative of a second one, switched off', () => {
    const after = change(template, (text) => addComponent(text, slotOf(template, 'optimizer'), component));
    const slot = slotOf(after, 'optimizer');
    expect(slot.form).toBe('alternatives');
    expect(slot.cards.map(({ name, isDisabled }) => [name, isDisabled])).toEqual([
      ['Adam', false],
      ['SGD', true],
    ]);
    const third = change(after, (text) => addComponent(text, slot, { name: 'Novograd' }));
    expect(slotOf(third, 'optimizer').cards.map(({ isDisabled }) => isDisabled)).toEqual([false, true, true]);
  });

  it('fills a slot that is missing, empty, or holds no component', () => {
    for (const train of [{}, { optimizer: [] }, { optimizer: 7 }]) {
      const text = JSON.stringify({ train });
      const cards = slotOf(
        change(text, (edited) => addComponent(edited, slotOf(text, 'optimizer'), component)),
        'optimizer',
      ).cards;
      expect(cards.map(({ name, isDisabled }) => [name, isDisabled])).toEqual([['SGD', false]]);
    }
    const text = '{"train": {}}';
    const after = change(text, (edited) =>
      addComponent(edited, slotOf(text, 'handlers'), { name: 'StatsHandler' }),
    );
    expect(slotOf(after, 'handlers').form).toBe('list');
  });
});

describe('changing components', () => {
  it('leaves one alternative enabled', () => {
    const after = change(template, (text) => chooseAlternative(text, slotOf(template, 'loss'), 0));
    expect(slotOf(after, 'loss').cards.map(({ isDisabled }) => isDisabled)).toEqual([false, true]);
    expect(change(after, (text) => chooseAlternative(text, slotOf(after, 'loss'), 1))).toBe(template);
  });

  it('switches off and on again without a trace', () => {
    const path = ['train', 'pre_transforms', 2];
    const json = { name: 'Orientationd' };
    const off = change(template, (text) => setDisabled(text, path, json, true));
    expect(off).toContain('"axcodes": "RAS" }, "disabled": true }');
    expect(change(off, (text) => setDisabled(text, path, { ...json, disabled: true }, false))).toBe(template);
    expect(setDisabled(openText(template), path, json, false)).toEqual([]);
  });

  it('copies, removes, and clears keys', () => {
    const path = ['train', 'pre_transforms', 7];
    const copied = change(template, (text) => duplicateComponent(text, path));
    expect(slotOf(copied, 'pre_transforms').cards).toHaveLength(11);
    // The copy is formatted anew, the original is as it was.
    expect(change(copied, (text) => removeComponent(text, ['train', 'pre_transforms', 8]))).toBe(template);
    const text = '{ "apply": { "prob": "p" }, "args": { "a": 1 } }';
    expect(change(text, (edited) => setKey(edited, ['apply', 'prob'], undefined))).toBe(
      '{ "args": { "a": 1 } }',
    );
    expect(change(text, (edited) => setKey(edited, ['args', 'a'], undefined))).toBe(
      '{ "apply": { "prob": "p" }, "args": {} }',
    );
    expect(change(text, (edited) => setKey(edited, ['args', 'b'], 2))).toContain('{ "a": 1, "b": 2 }');
    expect(duplicateComponent(openText(template), ['train', 'model'])).toEqual([]);
  });
});

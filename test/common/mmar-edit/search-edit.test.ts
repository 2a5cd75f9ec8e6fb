import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { componentSpecs, findArgumentNames } from '../../../common/components/catalogue.ts';
import { controlOf, startValue } from '../../../common/mmar-edit/argument-control.ts';
import { describeArguments } from '../../../common/mmar-edit/describe-argument.ts';
import { openText, setValue, type EditedText } from '../../../common/mmar-edit/edit-json.ts';
import { makeComponent } from '../../../common/mmar-edit/make-component.ts';
import { diffTexts } from '../../../common/mmar-edit/combine-edits.ts';
import {
  addSearch,
  changeItem,
  proposeItem,
  removeSearch,
  withColumn,
  withoutColumn,
  withType,
} from '../../../common/mmar-edit/search-edit.ts';
import { findSearch } from '../../../common/mmar-edit/search-names.ts';
import { outlineSearch, showRange, type SearchEntry } from '../../../common/mmar-edit/search-outline.ts';
import { outlineTrainConfig } from '../../../common/mmar-edit/outline-config.ts';
import { searchAlternatives } from '../../../common/mmar-edit/search-alternatives.ts';
import { applyEdits, type TextEdit } from '../../../common/mmar-edit/text-edit.ts';
import type { Json, JsonObject, JsonPath } from '../../../common/json.ts';
import { readSearchSpace } from '../../../common/search-space/read-search-space.ts';
import { loadConfig } from '../search-space/load-config.ts';

const template = readFileSync(
  join(import.meta.dirname, '../../../mmar-templates/segmentation-unet-3d/config/config_train.json'),
  'utf8',
);
const change = (text: string, edit: (edited: EditedText) => readonly TextEdit[]): string =>
  applyEdits(text, edit(openText(text)));
const parse = (text: string): JsonObject => JSON.parse(text) as JsonObject;
const at = (value: Json, path: JsonPath): JsonObject =>
  path.reduce<Json>((inner, step) => (inner as Record<string, Json>)[step]!, value) as JsonObject;
const context = { file: 'config_train.json', environment: {}, trainsHere: true };

describe('a proposed search item', () => {
  it('is one that the search space reads, for every argument of every component', () => {
    let count = 0;
    for (const spec of componentSpecs.filter(({ kind }) => !kind.startsWith('automl_'))) {
      const component = makeComponent(spec);
      for (const { name, control, default: fallback, isWire } of describeArguments(spec)) {
        if (isWire) continue;
        const current = (component.args as JsonObject | undefined)?.[name] ?? fallback;
        const item = proposeItem(name, control, current, 'net');
        const config = { train: { slot: { ...component, search: [item] } } };
        const read = readSearchSpace(config, { file: 'x', knownArguments: findArgumentNames });
        expect(read.ok ? [] : read.faults, `${spec.name}.${name}: ${JSON.stringify(item)}`).toEqual([]);
        count++;
      }
    }
    expect(count).toBeGreaterThan(300);
  });

  it('can be given any other type', () => {
    for (const type of ['float', 'int', 'enum', 'bool'])
      for (const current of [true, 3, 0.001, 'batch', undefined])
        for (const next of ['float', 'int', 'enum', 'bool']) {
          const first = withType(
            { domain: 'lr', args: ['a'], type: 'enum', targets: [[current ?? 1]] },
            type,
            current,
          );
          const item = withType(first, next, current);
          const config = { train: { model: { name: 'Own', search: [item] } } };
          const read = readSearchSpace(config, { file: 'x' });
          expect(read.ok ? [] : read.faults, JSON.stringify({ type, next, current, item })).toEqual([]);
        }
  });

  it('holds the value that the config has', () => {
    const number = controlOf({ type: 'number', minimum: 0 });
    expect(proposeItem('lr', number, 0.001, 'lr')).toEqual({
      domain: 'lr',
      type: 'float',
      args: ['lr'],
      targets: [0.0005, 0.002],
    });
    expect(
      proposeItem('prob', controlOf({ type: 'number', minimum: 0, maximum: 1 }), 0.3, 't').targets,
    ).toEqual([0, 1]);
    expect(proposeItem('n', controlOf({ type: 'integer', minimum: 0 }), 2, 'net')).toMatchObject({
      type: 'int',
      targets: [1, 4],
    });
    expect(proposeItem('lr', number, '{learning_rate}', 'lr')).toMatchObject({
      type: 'enum',
      targets: [['{learning_rate}']],
    });
  });
});

describe('editing a search', () => {
  const model = ['train', 'model'];

  it('adds an item, finds it again, and takes it away without a trace', () => {
    const item = proposeItem('norm', { kind: 'choice', options: ['batch', 'instance'] }, 'batch', 'net');
    const after = change(template, (text) => addSearch(text, model, item));
    const found = findSearch(at(parse(after), model), model, 'norm')!;
    expect(found).toMatchObject({ path: ['train', 'model', 'search', 0], column: 0, names: ['norm'] });
    expect(change(after, (text) => removeSearch(text, found))).toBe(template);
  });

  it('finds grouped args, aliases, attributes and first-level values', () => {
    const config = parse(template);
    expect(findSearch(config, [], 'dice_ce_disabled')).toMatchObject({ path: ['search', 1], column: 1 });
    expect(findSearch(config, [], 'epochs')).toBeUndefined();
    const owner = { search: [{ args: 'DISABLED' }, { args: ['prob#p'] }] };
    expect(findSearch(owner, ['x'], '@disabled')).toMatchObject({ path: ['x', 'search', 0] });
    expect(findSearch(owner, ['x'], 'prob')).toMatchObject({ alias: 'p' });
    expect(findSearch({ search: 7 }, [], 'x')).toBeUndefined();
  });

  it('groups args and takes one out of a group', () => {
    const item = { type: 'enum', args: ['norm'], targets: [['batch'], ['instance']] };
    const grouped = withColumn(item, 'act', 'RELU');
    expect(grouped).toEqual({
      type: 'enum',
      args: ['norm', 'act'],
      targets: [
        ['batch', 'RELU'],
        ['instance', 'RELU'],
      ],
    });
    expect(withoutColumn(grouped, 1)).toEqual(item);
    expect(withoutColumn(grouped, 0).targets).toEqual([['RELU']]);
    expect(withColumn({ type: 'float', args: 'a', targets: [0, 1] }, 'b', 1)).toEqual({
      type: 'float',
      args: ['a', 'b'],
      targets: [0, 1],
    });
  });

  it('changes what is different in an item and leaves the rest as it is written', () => {
    const after = change(template, (text) =>
      changeItem(text, ['search', 0], { ...at(parse(template), ['search', 0]), targets: [0.001, 0.01] }),
    );
    expect(after).toBe(template.replace('"targets": [0.0002, 0.01]', '"targets": [0.001, 0.01]'));
    const without = change(template, (text) => {
      const { log: _, ...item } = at(parse(template), ['search', 0]);
      return changeItem(text, ['search', 0], item);
    });
    expect(without).toBe(template.replace(',\n      "log": true', ''));
  });

  it('says the smallest edit between two texts', () => {
    expect(diffTexts('abc', 'abc')).toEqual([]);
    expect(diffTexts('aXc', 'aYYc')).toEqual([{ from: 1, to: 2, insert: 'YY' }]);
    expect(diffTexts('aa', 'aaa')).toEqual([{ from: 2, to: 2, insert: 'a' }]);
  });
});

describe('letting a search choose among alternatives', () => {
  it('writes what the search space reads, whatever names are taken', () => {
    const config: JsonObject = {
      dice_loss_disabled: 1,
      train: {
        loss: [
          { name: 'DiceLoss', disabled: false },
          { name: 'DiceCELoss', disabled: true },
          { name: 'DiceLoss', disabled: true },
        ],
      },
    };
    const text = JSON.stringify(config, null, 2);
    const slot = outlineTrainConfig(config)[0]!.slots.find(({ slot: name }) => name === 'loss')!;
    const after = change(text, (edited) => searchAlternatives(edited, slot));
    const read = readSearchSpace(parse(after), { file: 'x', knownArguments: findArgumentNames });
    expect(read.ok ? read.value.parameters : read.faults).toMatchObject([
      {
        args: ['dice_loss_disabled_2', 'dice_ce_loss_disabled', 'dice_loss_disabled_3'],
        choices: [
          [false, true, true],
          [true, false, true],
          [true, true, false],
        ],
        current: 0,
      },
    ]);
    expect(Object.keys(parse(after))).toEqual(['dice_loss_disabled', 'search', 'train']);
  });
});

describe('the outline of a search', () => {
  const names = (entries: readonly SearchEntry[]): unknown[] =>
    entries.map(({ names: own, children }) =>
      children.length === 0 ? own.join() : [own.join(), ...names(children)],
    );

  it('shows the template', () => {
    const { entries, combinations, faults } = outlineSearch(parse(template), context);
    expect(faults).toEqual([]);
    expect(names(entries)).toEqual(['learning_rate', 'dice_disabled,dice_ce_disabled', 'prob']);
    expect(combinations).toMatchObject({ enumPoints: 2, floats: 2, jobs: null });
    expect(entries.map(({ parameter }) => showRange(parameter!))).toEqual([
      '0.0002 to 0.01, log',
      'true, false | false, true',
      '0 to 0.8',
    ]);
  });

  it('puts an item below the one that it depends on', () => {
    const { entries } = outlineSearch(loadConfig('extensions'), {
      ...context,
      trainsHere: false,
    });
    const nested = entries.filter(({ children }) => children.length > 0);
    expect(nested.length).toBeGreaterThan(0);
    expect(nested[0]!.children[0]!.conditions[0]).toContain(nested[0]!.names[0]!);
  });

  it('shows what is wrong at its item, and counts nothing then', () => {
    const wrong = change(template, (text) => setValue(text, ['search', 0, 'targets'], [2, 1]));
    const { entries, combinations, faults } = outlineSearch(parse(wrong), context);
    expect(combinations).toBeUndefined();
    expect(entries.map(({ faults: own }) => own.length)).toEqual([1, 0, 0]);
    expect(faults).toEqual([]);
  });

  it('tells an item of a component that is off', () => {
    const off = change(template, (text) =>
      setValue(text, ['train', 'model'], {
        name: 'UNet',
        disabled: true,
        search: [{ domain: 'net', type: 'bool', args: ['bias'] }],
      }),
    );
    const { entries } = outlineSearch(parse(off), context);
    expect(entries.find(({ names: [name] }) => name === 'bias')).toMatchObject({ isUsed: false });
  });

  it('is empty for a config that searches nothing, or is none', () => {
    expect(outlineSearch({ train: {} }, context)).toMatchObject({ entries: [], faults: [] });
    expect(outlineSearch([], context).entries).toEqual([]);
  });
});

describe('controls', () => {
  it.each([
    [{ type: 'boolean' }, { kind: 'switch' }],
    [{ enum: ['a', 'b'] }, { kind: 'choice', options: ['a', 'b'] }],
    [
      { type: 'integer', minimum: 1, maximum: 9007199254740991 },
      { kind: 'number', isWhole: true, min: 1 },
    ],
    [
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
      { kind: 'number', isWhole: false, min: 0, max: 1, isAboveMin: true, isBelowMax: true },
    ],
    [{ anyOf: [{ const: 2 }, { const: 3 }] }, { kind: 'choice', options: [2, 3] }],
    [
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      { kind: 'either', options: [{ kind: 'text' }, { kind: 'nothing' }] },
    ],
    [
      { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }] },
      { kind: 'list', item: { kind: 'number', isWhole: false }, minItems: 2, maxItems: 2 },
    ],
    [{ type: 'object' }, { kind: 'json' }],
    [{}, { kind: 'json' }],
  ] as const)('of %j', (schema, control) => {
    expect(controlOf(schema as unknown as JsonObject)).toEqual(control);
  });

  it('begin with a value that they allow', () => {
    expect(startValue(controlOf({ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }))).toBe(0.5);
    expect(startValue(controlOf({ type: 'integer', exclusiveMinimum: 0 }))).toBe(1);
    expect(
      startValue(controlOf({ type: 'array', items: { type: 'integer', minimum: 2 }, minItems: 2 })),
    ).toEqual([2, 2]);
  });
});

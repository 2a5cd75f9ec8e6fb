import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDocument, type CheckContext } from '../../../common/mmar-edit/check-document.ts';
import { documentKind } from '../../../common/mmar-edit/document-kind.ts';
import { openText, setValue } from '../../../common/mmar-edit/edit-json.ts';
import { readJsonTree } from '../../../common/mmar-edit/read-json-tree.ts';
import { applyEdits } from '../../../common/mmar-edit/text-edit.ts';
import type { Json, JsonObject, JsonPath } from '../../../common/json.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'mmar-templates/segmentation-unet-3d/config');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const environment = JSON.parse(read('environment.json')) as JsonObject;

const findingsOf = (file: string, text: string, context: Partial<CheckContext> = {}) =>
  checkDocument(documentKind(file), text, readJsonTree(text), {
    file,
    environment,
    trainsHere: true,
    ...context,
  }).map(({ fault, range, severity }) => ({
    code: fault.code,
    at: text.slice(range.from, range.to),
    severity,
    message: fault.message,
  }));

const changed = (name: string, path: JsonPath, value: Json): string => {
  const text = read(name);
  return applyEdits(text, setValue(openText(text), path, value));
};

describe('checking a text while it is typed', () => {
  it('finds nothing wrong with a template', () => {
    for (const name of readdirSync(folder))
      expect(findingsOf(`config/${name}`, read(name)), name).toEqual([]);
  });

  it('finds nothing wrong with the examples of Clara that are right', () => {
    const fixtures = join(root, 'test/fixtures/configs');
    for (const name of readdirSync(fixtures).filter((file) =>
      /^search-(enum|lr-lp|transform)\.json$/.test(file),
    )) {
      const text = readFileSync(join(fixtures, name), 'utf8');
      const found = findingsOf('config/config_train.json', text, { trainsHere: false, environment: {} });
      expect(found, name).toEqual([]);
    }
  });

  it.each([
    ['an argument', ['train', 'model', 'args', 'num_res_units'], -1, 'wrong-argument', '-1'],
    ['a name', ['train', 'model', 'name'], 'UNett', 'unknown-component', '"UNett"'],
    ['a variable', ['train', 'model', 'args', 'in_channels'], '{INPUTS}', 'unknown-variable', '"{INPUTS}"'],
    ['a reference', ['train', 'trainer', 'args', 'network'], '@modell', 'unknown-reference', '"@modell"'],
    ['a missing argument', ['train', 'model', 'args'], { spatial_dims: 3 }, 'missing-argument', '"UNet"'],
    ['a search', ['search', 0, 'targets'], [1, 0.1], 'search-target', '"targets"'],
    ['an unknown key of the search', ['search', 0, 'colour'], 1, 'schema', '1'],
    [
      'an alias that nothing sets',
      ['train', 'loss', 0, 'apply', '@disabled'],
      'x',
      'search-alias-undeclared',
      '"x"',
    ],
  ] as const)('points at %s', (_, path, value, code, at) => {
    const found = findingsOf('config/config_train.json', changed('config_train.json', path, value as Json));
    expect(found.find((finding) => finding.code === code)).toMatchObject({ at, severity: 'error' });
  });

  it('says what is wrong with a component though the config as a whole cannot be read', () => {
    const text = changed('config_train.json', ['train', 'model', 'args', 'num_res_units'], 'two').replace(
      '"ref": "Spacingd"',
      '"ref": "Spacing"',
    );
    const codes = findingsOf('config/config_train.json', text).map(({ code, at }) => [code, at]);
    expect(codes).toEqual([
      ['wrong-argument', '"two"'],
      ['unknown-reference', '"Spacing"'],
    ]);
  });

  it('checks with the choices that a search begins with', () => {
    const both = changed('config_train.json', ['train', 'loss', 0, 'disabled'], false);
    expect(findingsOf('config/config_train.json', both)).toEqual([]);
  });

  it('warns of a slot that nothing uses, and of a dialect that cannot be trained', () => {
    const unused = changed(
      'config_train.json',
      ['train', 'pre_transform'],
      [{ name: 'RandFlipd', args: { keys: 'image' } }],
    );
    expect(findingsOf('config/config_train.json', unused)).toMatchObject([{ severity: 'warning' }]);
    const old = readFileSync(join(root, 'test/fixtures/configs/search-3x-enum.json'), 'utf8');
    const found = findingsOf('config/config_train.json', old);
    expect(found.filter(({ code }) => code === 'unsupported-dialect')).toMatchObject([
      { severity: 'warning' },
    ]);
  });

  it('leaves components alone that another program trains', () => {
    const text = changed('config_train.json', ['train', 'model', 'name'], 'TheirNet');
    expect(findingsOf('config/config_train.json', text, { trainsHere: false })).toEqual([]);
  });

  it('finds a value that the environment takes from the search', () => {
    const found = findingsOf('config/config_train.json', read('config_train.json'), {
      environment: { ...environment, learning_rate: 0.1 },
    });
    expect(found).toMatchObject([{ code: 'search-target', at: '0.001' }]);
  });

  it('says where a text is no JSON, each place once', () => {
    const found = findingsOf('config/environment.json', '{\n  "DATA_ROOT": "a"\n  "X": tru\n}');
    expect(found).toMatchObject([
      { code: 'json-syntax', at: '"X"' },
      { code: 'json-syntax', at: 'tru' },
    ]);
  });

  it.each([
    ['config/environment.json', '{"INPUT_CHANNELS": 0}', 'schema', '0'],
    [
      'config/config_automl.json',
      '{"controller": {"name": "Rando"}, "executor": {"name": "MMARExecutor"}}',
      'unknown-component',
      '"Rando"',
    ],
    ['config/config_automl.json', '{}', 'schema', '{'],
    ['config/config_validation.json', '{"dataset": {"name": "Dataset"}}', 'schema', '{'],
    ['config/environment.json', '[]', 'schema', '['],
  ])('checks %s: %s', (file, text, code, at) => {
    expect(findingsOf(file, text)[0]).toMatchObject({ code, at });
  });

  it('checks a data list that the MMAR holds, and no other JSON or text', () => {
    const text = '{"training": [{"image": 7}]}';
    const context: CheckContext = { file: 'data/list.json', environment, trainsHere: true };
    expect(documentKind('data/list.json', 'data/list.json')).toBe('data_list');
    expect(checkDocument('data_list', text, readJsonTree(text), context)).toHaveLength(1);
    expect(findingsOf('resources/any.json', text)).toEqual([]);
    expect(findingsOf('docs/Readme.md', '{')).toEqual([]);
  });
});

import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatFault } from '../../../common/fault.ts';
import type { JsonObject } from '../../../common/json.ts';
import { formatString } from '../../../common/mmar/format-string.ts';
import type { SetValue } from '../../../common/mmar/set-arguments.ts';
import { substituteVariables } from '../../../common/mmar/substitute-variables.ts';
import { collectVariables } from '../../../common/mmar/variables.ts';

function collect(config: JsonObject, environment: JsonObject = {}, overrides: Record<string, SetValue> = {}) {
  return collectVariables({ config, environment, overrides, mmarRoot: '/mmar', joinPath: posix.resolve });
}

describe('collectVariables', () => {
  it('lets --set win over environment.json over the config over defaults', () => {
    const config = { a: 'config', b: 'config', c: 'config', amp: true };
    const variables = collect(config, { b: 'environment', c: 'environment' }, { c: 'set' });
    expect(variables).toMatchObject({ a: 'config', b: 'environment', c: 'set', amp: true, multi_gpu: false });
  });

  it('takes first-level primitives and determinism, no lists or other objects', () => {
    const variables = collect({
      n: 1,
      s: 'x',
      b: false,
      list: [1],
      object: { x: 1 },
      nothing: null,
      determinism: { random_seed: 7 },
    });
    expect(variables).toMatchObject({ n: 1, s: 'x', b: false, determinism: { random_seed: 7 } });
    for (const name of ['list', 'object', 'nothing']) expect(variables).not.toHaveProperty(name);
  });

  it('joins MMAR_ variables onto the root, but not those of the config, empty or absolute ones', () => {
    const variables = collect(
      { MMAR_A: 'a' },
      { MMAR_B: 'b', MMAR_C: '/c', MMAR_D: '', DATA_ROOT: 'data', MMAR_N: 3 },
      { MMAR_E: 'models/e', MMAR_F: '/mmar/models/f' },
    );
    expect(variables).toMatchObject({
      MMAR_A: 'a',
      MMAR_B: '/mmar/b',
      MMAR_C: '/c',
      MMAR_D: '',
      MMAR_E: '/mmar/models/e',
      MMAR_F: '/mmar/models/f',
      MMAR_N: 3,
      DATA_ROOT: 'data',
      MMAR_ROOT: '/mmar',
      MMAR_CKPT_DIR: '/mmar/models',
      MMAR_CKPT: '/mmar/models/model.pt',
    });
  });
});

describe('substituteVariables', () => {
  const variables = {
    rate: 0.0002,
    amp: false,
    dir: '/m',
    nested: '{rate}',
    list: [1, 2],
    tiny: 0.00001,
    none: null,
  };

  it('gives a whole-string variable its type', () => {
    const { json, faults } = substituteVariables(
      { a: '{rate}', b: ['{amp}', '{list}'], c: '{none}' },
      variables,
    );
    expect(json).toEqual({ a: 0.0002, b: [false, [1, 2]], c: null });
    expect(faults).toEqual([]);
  });

  it('writes values out inside longer strings, as Python does', () => {
    expect(substituteVariables('{dir}/{amp}-{rate}-{tiny}-{none}.pt', variables).json).toBe(
      '/m/False-0.0002-1e-05-None.pt',
    );
    expect(substituteVariables('{{{dir}}}', variables).json).toBe('{/m}');
  });

  it('makes one pass only, and leaves keys and Python alone', () => {
    const source = { '{rate}': '{nested}', x: "lambda e: print(f'{e}')", y: '#f({x})' };
    expect(substituteVariables(source, variables)).toEqual({
      json: { ...source, '{rate}': '{rate}' },
      faults: [],
    });
  });

  it('reports unknown names with where, and the nearest', () => {
    const { faults } = substituteVariables({ a: ['{rat}'], b: '{dirr}/x' }, variables);
    expect(faults.map(formatFault)).toEqual([
      'a[0]: The variable {rat} is not set. Did you mean rate? Allowed: a first-level value of the config, a key of environment.json, or --set name=value.',
      'b: The variable {dirr} is not set. Did you mean dir? Allowed: a first-level value of the config, a key of environment.json, or --set name=value.',
    ]);
  });

  it('does not take inherited names for variables', () => {
    expect(substituteVariables('{constructor}', variables).faults).toHaveLength(1);
    expect(substituteVariables('x{toString}', variables).faults).toHaveLength(1);
  });

  it.each(['x{}', 'x{a.b}', 'x{rate:.2f}', 'x{rate!r}', '{ rate }', 'x{', 'x}'])('refuses %s', (text) => {
    expect(substituteVariables(text, variables).faults).toMatchObject([{ code: 'unknown-variable' }]);
  });
});

describe('formatString', () => {
  it.each([
    [1e-5, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [0.0001, '0.0001'],
    [123456, '123456'],
    [-0.00005, '-5e-05'],
    [1e-12, '1e-12'],
    [0, '0'],
  ])('writes %d as Python does', (value, text) => {
    expect(formatString('{v}!', { v: value })).toEqual({ text: `${text}!` });
  });
});

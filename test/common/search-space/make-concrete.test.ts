import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import type { Json, JsonObject } from '../../../common/json.ts';
import { makeSeededRandom } from '../../../common/random/seeded-random.ts';
import { countCombinations } from '../../../common/search-space/count-combinations.ts';
import { chooseUniformly, drawPoint } from '../../../common/search-space/draw-point.ts';
import { enumeratePoints } from '../../../common/search-space/enumerate-points.ts';
import { jsonEqual } from '../../../common/search-space/json-equal.ts';
import { makeConcrete } from '../../../common/search-space/make-concrete.ts';
import { readValue } from '../../../common/search-space/read-current.ts';
import {
  isActive,
  type SearchParameter,
  type SearchValues,
} from '../../../common/search-space/search-space.ts';
import { clampToSpace, validateValues } from '../../../common/search-space/validate-values.ts';
import { loadConfig, spaceOf } from './load-config.ts';

const plain = { removeSearchAugs: true };
const names = [
  'enum',
  'loss-optimizer',
  'transform',
  'lr-lp',
  'transform-prob',
  '3x-enum',
  '3x-amp',
  'figure-exclusive',
  'extensions',
];

const at = (config: JsonObject, ...path: (string | number)[]): Json | undefined =>
  readValue(config, path, {});

describe('makeConcrete', () => {
  it('writes args and first-level values to their places, and an alias to all of its own', () => {
    const config = loadConfig('lr-lp');
    const values = {
      'lr.float.$0:learning_rate': 0.0005,
      'lr.float.train.lr_scheduler$0:gamma': 0.15,
      'transform.float.train.pre_transforms.#4$0:prob': 0.25,
    };
    const { config: job, concrete } = makeConcrete(config, spaceOf(config), values, plain);
    expect(concrete).toEqual(values);
    expect(at(job, 'learning_rate')).toBe(0.0005);
    expect(at(job, 'train', 'lr_scheduler', 'args')).toEqual({
      optimizer: '@optimizer',
      step_size: 5000,
      gamma: 0.15,
    });
    expect(at(job, 'train', 'pre_transforms', 3, 'args', 'prob')).toBe(0.25);
    expect(at(job, 'train', 'pre_transforms', 4)).toEqual({
      name: 'RandGaussianNoised',
      args: { keys: 'image', prob: 0.25 },
    });
    expect(JSON.stringify(job)).not.toMatch(/search|apply/);
  });

  it('switches alternatives: the value is disabled', () => {
    const config = loadConfig('loss-optimizer');
    const values = {
      'transform.enum.$0:mySearchLoss1,mySearchLoss2': 0,
      'transform.enum.$1:mySearchOpt1,mySearchOpt2': 1,
    };
    const { config: job, concrete } = makeConcrete(config, spaceOf(config), values, plain);
    expect(concrete['transform.enum.$0:mySearchLoss1,mySearchLoss2']).toEqual([true, false]);
    const disabled = (slot: string): unknown[] =>
      (at(job, 'train', slot) as JsonObject[]).map(({ disabled }) => disabled);
    expect(disabled('loss')).toEqual([true, false]);
    expect(disabled('optimizer')).toEqual([false, true]);
    expect(Object.keys(job)).toEqual(Object.keys(config).filter((key) => key !== 'search'));
  });

  it('leaves search and apply where they are unless told to remove them', () => {
    const config = loadConfig('transform');
    const space = spaceOf(config);
    const { config: job } = makeConcrete(config, space, clampToSpace(space, {}), { removeSearchAugs: false });
    expect(job.search).toEqual(config.search);
    expect(at(job, 'train', 'pre_transforms', 3, 'apply')).toEqual({ '@disabled': 'myTransformDisable' });
    // A concrete config can be searched again, and then holds the point as its current values.
    expect(spaceOf(job).parameters.map(({ prl }) => prl)).toEqual(space.parameters.map(({ prl }) => prl));
  });

  it('keeps what the config has for parameters that are not active', () => {
    const config = loadConfig('extensions');
    const space = spaceOf(config);
    const values = clampToSpace(space, {
      'net.enum.$1:adam_off,sgd_off': 1,
      'net.int.train.model$0:num_res_units': 0,
    });
    expect(Object.keys(values)).toEqual([
      'lr.float.$0:learning_rate',
      'net.enum.$1:adam_off,sgd_off',
      'lr.enum.train.optimizer.#2$0:momentum',
      'net.int.train.model$0:num_res_units',
    ]);
    const { config: job } = makeConcrete(config, space, values, plain);
    expect(at(job, 'train', 'optimizer', 0, 'args', 'weight_decay')).toBe(0);
    expect(at(job, 'train', 'optimizer', 0, 'disabled')).toBe(true);
    expect(at(job, 'train', 'model', 'args', 'norm')).toBe('batch');
  });

  it('makes args where a component has none', () => {
    const config = {
      train: { loss: { name: 'DiceLoss', search: [{ domain: 'net', type: 'bool', args: 'softmax' }] } },
    };
    const { config: job } = makeConcrete(
      config,
      spaceOf(config),
      { 'net.bool.train.loss$0:softmax': 1 },
      plain,
    );
    expect(job).toEqual({ train: { loss: { name: 'DiceLoss', args: { softmax: true } } } });
  });

  it('strips search from components among arguments, and leaves blocks that are commented out', () => {
    const item = { domain: 'net', type: 'bool', args: ['a'] };
    const config = {
      lr_search: [0.1, 0.2],
      learning_rate: 0.1,
      train: {
        model: {
          name: 'Outer',
          args: { search: 'mine', inner: { name: 'Inner', args: {}, search: [item] } },
        },
        __model: { name: 'Old', search: [item] },
      },
    };
    const space = spaceOf(config);
    expect(space.parameters.map(({ prl }) => prl)).toEqual([
      'lr.float.$0:learning_rate',
      'net.bool.train.model.args.inner$0:a',
    ]);
    const { config: job } = makeConcrete(config, space, clampToSpace(space, {}), plain);
    expect(job).toEqual({
      learning_rate: 0.1,
      train: {
        model: { name: 'Outer', args: { search: 'mine', inner: { name: 'Inner', args: { a: false } } } },
        __model: { name: 'Old', search: [item] },
      },
    });
  });

  it('refuses what is no point of the space, with every reason', () => {
    const config = loadConfig('extensions');
    const space = spaceOf(config);
    const write = (values: SearchValues): unknown => makeConcrete(config, space, values, plain);
    expect(() => write({})).toThrow(FaultError);
    const good = clampToSpace(space, {});
    expect(validateValues(space, good)).toEqual([]);
    const bad = {
      ...good,
      'lr.float.$0:learning_rate': 1,
      'net.int.train.model$0:num_res_units': 1.5,
      'lr.enum.train.optimizer.#2$0:momentum': 0,
      unknown: 1,
    };
    expect(validateValues(space, bad).map(({ message }) => message)).toEqual([
      'unknown is not searched.',
      'lr.float.$0:learning_rate cannot be 1.',
      'lr.enum.train.optimizer.#2$0:momentum has a value though it is not active.',
      'net.int.train.model$0:num_res_units cannot be 1.5.',
      'net.enum.train.model$1:norm has a value though it is not active.',
    ]);
  });
});

describe.each(names)('every point of %s', (name) => {
  const config = loadConfig(name);
  const space = spaceOf(config);

  it('is written, and read back as what the config holds then', () => {
    const before = JSON.stringify(config);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const values = drawPoint(space, chooseUniformly(makeSeededRandom(seed).uniform));
        expect(validateValues(space, values)).toEqual([]);
        const { config: job, concrete } = makeConcrete(config, space, values, { removeSearchAugs: false });
        for (const { prl, column, path } of space.bindings) {
          const value = concrete[prl];
          if (value === undefined) expect(at(job, ...path)).toEqual(at(config, ...path));
          else
            expect(jsonEqual(at(job, ...path), typeof value === 'number' ? value : value[column])).toBe(true);
        }
        const again = new Map(spaceOf(job).parameters.map(({ prl, current }) => [prl, current]));
        for (const parameter of space.parameters)
          if (isActive(parameter, values)) expect(again.get(parameter.prl)).toBe(values[parameter.prl]);
      }),
      { numRuns: 50 },
    );
    expect(JSON.stringify(config)).toBe(before);
  });
});

/** Spaces of enums and ints with conditions on earlier parameters. */
const anySpace = fc
  .array(fc.tuple(fc.nat(3), fc.nat(20), fc.nat(7)), { minLength: 1, maxLength: 6 })
  .map((shapes) =>
    shapes.map(([size, parentPick, mask], index): SearchParameter => {
      const base = { prl: `net.enum.$${index}:p`, domain: 'net', args: ['p'] };
      const parent = parentPick % (index + 1);
      const values = [0, 1, 2].filter((bit) => (mask >> bit) & 1);
      const conditions =
        parent < index && values.length > 0 ? [{ parent: `net.enum.$${parent}:p`, values }] : [];
      return size === 3
        ? { ...base, type: 'int', min: 0, max: 3, step: 1, log: false, conditions }
        : {
            ...base,
            type: 'enum',
            choices: Array.from({ length: size + 1 }, (_, choice) => [choice]),
            conditions,
          };
    }),
  );

describe('countCombinations', () => {
  it('counts what can be enumerated', () => {
    fc.assert(
      fc.property(anySpace, (parameters) => {
        const points = [...enumeratePoints({ parameters })];
        expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(points.length);
        expect(countCombinations({ parameters }).jobs).toBe(points.length);
      }),
    );
  });

  it('counts spaces that nobody could enumerate', () => {
    const parameters = Array.from({ length: 40 }, (_, index): SearchParameter => ({
      prl: `net.enum.$${index}:p`,
      domain: 'net',
      args: ['p'],
      type: 'enum',
      choices: [[0], [1]],
      conditions: index % 2 === 1 ? [{ parent: `net.enum.$${index - 1}:p`, values: [1] }] : [],
    }));
    expect(countCombinations({ parameters }).jobs).toBe(3 ** 20);
  });
});

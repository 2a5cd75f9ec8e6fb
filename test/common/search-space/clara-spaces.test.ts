import { describe, expect, it } from 'vitest';
import { countCombinations } from '../../../common/search-space/count-combinations.ts';
import {
  formatCombinations,
  describeSearchSpace,
} from '../../../common/search-space/describe-search-space.ts';
import { enumeratePoints } from '../../../common/search-space/enumerate-points.ts';
import { loadConfig, spaceOf } from './load-config.ts';

interface Expected {
  readonly prls: readonly string[];
  readonly size: string;
}

/** The spaces that NVIDIA ships with its examples, and the figures of its articles on AutoML. */
const spaces: Readonly<Record<string, Expected>> = {
  enum: {
    prls: [
      'lr.enum.train.lr_scheduler$0:step_size',
      'net.enum.train.model$0:channels',
      'net.enum.train.model$1:norm',
    ],
    size: '8 enum points',
  },
  'loss-optimizer': {
    prls: ['transform.enum.$0:mySearchLoss1,mySearchLoss2', 'transform.enum.$1:mySearchOpt1,mySearchOpt2'],
    size: '4 enum points',
  },
  transform: {
    prls: ['transform.enum.$0:myTransformDisable', 'transform.enum.train.pre_transforms.#6$0:@disabled'],
    size: '4 enum points',
  },
  'lr-lp': {
    prls: [
      'lr.float.$0:learning_rate',
      'lr.float.train.lr_scheduler$0:gamma',
      'transform.float.train.pre_transforms.#4$0:prob',
    ],
    size: '1 enum point, 3 floats',
  },
  'transform-prob': {
    prls: ['transform.float.train.pre_transforms.#4$0:prob'],
    size: '1 enum point, 1 float',
  },
  '3x-enum': {
    prls: [
      'lr.enum.train.lr_policy$0:poly_power',
      'net.enum.train.model$0:init_filters',
      'net.enum.train.model$1:final_activation',
    ],
    size: '8 enum points',
  },
  '3x-amp': { prls: ['net.enum.$0:use_amp'], size: '2 enum points' },
  'figure-use-amp': { prls: ['net.enum.$0:use_amp'], size: '2 enum points' },
  'figure-learning-rate': { prls: ['lr.float.$0:learning_rate'], size: '1 enum point, 1 float' },
  'figure-poly-power': { prls: ['lr.float.train.lr_policy$0:poly_power'], size: '1 enum point, 1 float' },
  'figure-exclusive': {
    prls: ['transform.enum.$0:mySearchLoss1,mySearchLoss2', 'transform.enum.$1:mySearchOpt1,mySearchOpt2'],
    size: '4 enum points',
  },
};

describe.each(Object.entries(spaces))('%s', (name, { prls, size }) => {
  it.each([true, false])('has its PRLs and its size (strict: %s)', (strict) => {
    const space = spaceOf(loadConfig(name), { strict });
    expect(space.parameters.map(({ prl }) => prl)).toEqual(prls);
    expect(formatCombinations(countCombinations(space))).toBe(size);
    expect(space.parameters.flatMap(({ conditions }) => conditions)).toEqual([]);
  });

  it('enumerates as many different points as it counts', () => {
    const space = spaceOf(loadConfig(name));
    const points = [...enumeratePoints(space)].map((point) => JSON.stringify(point));
    expect(new Set(points).size).toBe(countCombinations(space).enumPoints);
    expect(points.length).toBe(countCombinations(space).enumPoints);
  });
});

describe('the ranges of the figures', () => {
  it('keeps choices as they are written', () => {
    const [useAmp] = spaceOf(loadConfig('figure-use-amp')).parameters;
    expect(useAmp).toMatchObject({ type: 'enum', domain: 'net', choices: [[true], [false]], current: 1 });
  });

  it('reads floats', () => {
    const [learningRate] = spaceOf(loadConfig('figure-learning-rate')).parameters;
    expect(learningRate).toMatchObject({
      type: 'float',
      min: 0.0001,
      max: 0.001,
      log: false,
      current: 0.0001,
    });
    const [polyPower] = spaceOf(loadConfig('figure-poly-power')).parameters;
    expect(polyPower).toMatchObject({ min: 0.9, max: 0.99, current: 0.9 });
  });

  it('reads list-valued choices and what the config holds', () => {
    const [stepSize, channels, norm] = spaceOf(loadConfig('enum')).parameters;
    expect(stepSize).toMatchObject({ choices: [[5000], [1000]], current: 0 });
    expect(channels).toMatchObject({
      choices: [[[16, 32, 64, 128, 256]], [[8, 16, 32, 64, 128]]],
      current: 0,
    });
    expect(norm).toMatchObject({ choices: [['batch'], ['INSTANCE']], current: 0 });
  });

  it('says where one value goes to several components', () => {
    const space = spaceOf(loadConfig('transform'));
    const paths = space.bindings
      .filter(({ prl }) => prl === 'transform.enum.$0:myTransformDisable')
      .map(({ path }) => path);
    expect(paths).toEqual([
      ['train', 'pre_transforms', 3, 'disabled'],
      ['train', 'pre_transforms', 4, 'disabled'],
    ]);
  });
});

describe('extensions', () => {
  it('counts only what is active', () => {
    const space = spaceOf(loadConfig('extensions'));
    // Adam, or SGD with momentum 0, or SGD with one of two momenta and nesterov or not: 1 + 1 + 2 * 2.
    // Zero or one residual units, or two to four of them with one of two norms: 2 + 3 * 2.
    expect(countCombinations(space)).toEqual({
      enumPoints: 6 * 3,
      discretePoints: 6 * 8,
      ints: 1,
      floats: 2,
      jobs: null,
    });
    expect([...enumeratePoints(space)].length).toBe(48);
  });

  it('activates the parameters of the chosen optimizer', () => {
    const space = spaceOf(loadConfig('extensions'));
    const conditions = Object.fromEntries(
      space.parameters.map((parameter) => [parameter.prl, parameter.conditions]),
    );
    expect(conditions).toEqual({
      'lr.float.$0:learning_rate': [],
      'net.enum.$1:adam_off,sgd_off': [],
      'lr.float.train.optimizer.#1$0:weight_decay': [{ parent: 'net.enum.$1:adam_off,sgd_off', values: [0] }],
      'lr.enum.train.optimizer.#2$0:momentum': [{ parent: 'net.enum.$1:adam_off,sgd_off', values: [1] }],
      'lr.bool.train.optimizer.#2$1:nesterov': [
        { parent: 'lr.enum.train.optimizer.#2$0:momentum', values: [1, 2] },
        { parent: 'net.enum.$1:adam_off,sgd_off', values: [1] },
      ],
      'net.int.train.model$0:num_res_units': [],
      'net.enum.train.model$1:norm': [{ parent: 'net.int.train.model$0:num_res_units', values: [2, 3, 4] }],
    });
  });

  it('describes itself', () => {
    const { parameters } = describeSearchSpace(spaceOf(loadConfig('extensions')));
    expect(parameters.at(-1)).toMatchObject({
      when: { 'net.int.train.model$0:num_res_units': [2, 3, 4] },
      currentValue: ['batch'],
    });
    expect(parameters[2]).toMatchObject({ when: { 'net.enum.$1:adam_off,sgd_off': [[false, true]] } });
  });
});

import type { SearchParameter, SearchSpace } from '../../common/search-space/search-space.ts';

const base = { domain: 'net', conditions: [] } as const;

const norm: SearchParameter = {
  ...base,
  type: 'enum',
  prl: 'net.enum.train.model$0:norm',
  args: ['norm'],
  choices: [['batch'], ['instance']],
  current: 1,
};
const optimizer: SearchParameter = {
  ...base,
  type: 'enum',
  prl: 'net.enum.$0:adam_disabled,sgd_disabled',
  args: ['adam_disabled', 'sgd_disabled'],
  choices: [
    [true, false],
    [false, true],
  ],
};
const amp: SearchParameter = {
  ...base,
  type: 'bool',
  prl: 'net.bool.$1:amp',
  args: ['amp'],
  choices: [[false], [true]],
};
const rate: SearchParameter = {
  ...base,
  type: 'float',
  prl: 'lr.float.$2:learning_rate',
  args: ['learning_rate'],
  min: 1e-5,
  max: 1e-2,
  log: true,
  current: 1e-3,
};
const prob: SearchParameter = {
  ...base,
  type: 'float',
  prl: 'transform.float.train.pre_transforms.#8$0:prob',
  args: ['prob'],
  min: 0,
  max: 1,
  log: false,
};
const filters: SearchParameter = {
  ...base,
  type: 'int',
  prl: 'net.int.train.model$1:filters',
  args: ['filters'],
  min: 4,
  max: 64,
  step: 4,
  log: false,
};
const width: SearchParameter = {
  ...base,
  type: 'int',
  prl: 'net.int.train.model$2:width',
  args: ['width'],
  min: 1,
  max: 512,
  step: 1,
  log: true,
};
const momentum: SearchParameter = {
  ...base,
  type: 'float',
  prl: 'lr.float.train.optimizer.#2$0:momentum',
  args: ['momentum'],
  min: 0.5,
  max: 0.99,
  log: false,
  conditions: [{ parent: optimizer.prl, values: [0] }],
};

/** Spaces of every kind, small enough to be searched to the end. */
export const contractSpaces: Readonly<Record<string, SearchSpace>> = {
  'enums only': { parameters: [norm, optimizer, amp] },
  'floats only': { parameters: [rate, prob] },
  'ints, one of them on a log scale': { parameters: [filters, width] },
  'a condition': { parameters: [optimizer, momentum] },
  'a single point': { parameters: [{ ...norm, choices: [['batch']], current: 0 }] },
  everything: { parameters: [norm, optimizer, rate, prob, filters, momentum] },
};

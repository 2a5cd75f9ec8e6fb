import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../common/json.ts';
import type { SearchParameter } from '../../../common/search-space/search-space.ts';
import { spaceOf } from './load-config.ts';

const train = (slots: JsonObject, first: JsonObject = {}): JsonObject => ({ ...first, train: slots });
const parametersOf = (config: JsonObject): readonly SearchParameter[] => spaceOf(config).parameters;
const transform = (name: string, ...search: readonly Json[]): JsonObject => ({
  name,
  args: { prob: 0.1 },
  search,
});

describe('forms of items', () => {
  it('takes one arg as a bare string', () => {
    const loss = {
      name: 'DiceLoss',
      search: [{ domain: 'net', type: 'enum', args: 'softmax', targets: [[true], [false]] }],
    };
    expect(parametersOf(train({ loss }))).toMatchObject([
      { prl: 'net.enum.train.loss$0:softmax', args: ['softmax'] },
    ]);
  });

  it('knows the shorthand DISABLED', () => {
    const list = [transform('RandFlipd', { domain: 'transform', args: 'DISABLED' })];
    expect(parametersOf(train({ pre_transforms: list }))).toMatchObject([
      {
        prl: 'transform.enum.train.pre_transforms.#1$0:@disabled',
        args: ['@disabled'],
        choices: [[true], [false]],
        current: 1,
      },
    ]);
  });

  it('treats lr_search as the last item of the first level', () => {
    const search = [{ domain: 'net', type: 'bool', args: ['amp'] }];
    expect(
      parametersOf({ amp: true, learning_rate: 0.01, search, lr_search: [0.001, 0.1] }).map(
        ({ prl, current }) => [prl, current],
      ),
    ).toEqual([
      ['net.bool.$0:amp', 1],
      ['lr.float.$1:learning_rate', 0.01],
    ]);
  });

  it('passes over keys and blocks that are commented out', () => {
    const loss = {
      name: 'DiceLoss',
      ___search: [{ type: 'nonsense' }],
      search: [{ domain: 'net', type: 'bool', args: ['softmax'], _note: 'two jobs' }],
    };
    expect(parametersOf(train({ loss, __model: transform('UNet', { type: 'nonsense' }) }))).toHaveLength(1);
  });

  it('takes a first-level value that only a variable uses, or that only the framework knows', () => {
    const search: Json = [
      { domain: 'net', type: 'int', args: ['filters'], targets: [4, 8] },
      { domain: 'net', type: 'bool', args: ['use_amp'] },
    ];
    const model = { name: 'UNet', args: { init_filters: '{filters}' } };
    const space = spaceOf(train({ model }, { search }));
    expect(space.bindings.map(({ path }) => path)).toEqual([['filters'], ['use_amp']]);
  });

  it('gives several args of a float the same number', () => {
    const loss = {
      name: 'L',
      args: { a: 0.5, b: 0.5 },
      search: [{ domain: 'net', type: 'float', args: ['a', 'b'], targets: [0, 1] }],
    };
    const space = spaceOf(train({ loss }));
    expect(space.parameters).toMatchObject([{ prl: 'net.float.train.loss$0:a,b', current: 0.5 }]);
    expect(space.bindings).toHaveLength(2);
  });

  it('reads what the config holds through variables', () => {
    const optimizer = {
      name: 'Adam',
      args: { lr: '{rate}' },
      search: [{ domain: 'lr', type: 'float', args: ['lr'], targets: [0.1, 1] }],
    };
    expect(parametersOf(train({ optimizer }, { rate: 0.5 }))).toMatchObject([{ current: 0.5 }]);
    expect(parametersOf(train({ optimizer }, { rate: 5 }))[0]).not.toHaveProperty('current');
    expect(spaceOf(train({ optimizer }), { variables: { rate: 0.25 } }).parameters).toMatchObject([
      { current: 0.25 },
    ]);
  });
});

describe('conditions', () => {
  const norm = {
    domain: 'net',
    type: 'enum',
    args: ['norm'],
    targets: [['batch'], ['instance'], [['group', { num_groups: 4 }]]],
  };
  const dependent = (when: JsonObject): JsonObject => ({ domain: 'net', type: 'bool', args: ['bias'], when });
  const conditionsFor = (when: JsonObject): unknown => {
    const model = { name: 'UNet', search: [dependent(when), norm] };
    return parametersOf(train({ model })).at(-1)!.conditions;
  };
  const parent = 'net.enum.train.model$1:norm';

  it('puts the parent first, wherever it stands', () => {
    const model = { name: 'UNet', search: [dependent({ norm: 'batch' }), norm] };
    expect(parametersOf(train({ model })).map(({ prl }) => prl)).toEqual([
      parent,
      'net.bool.train.model$0:bias',
    ]);
  });

  it('takes one value, several, or a value that is a list itself', () => {
    expect(conditionsFor({ norm: 'instance' })).toEqual([{ parent, values: [1] }]);
    expect(conditionsFor({ norm: ['instance', 'batch'] })).toEqual([{ parent, values: [0, 1] }]);
    expect(conditionsFor({ norm: ['group', { num_groups: 4 }] })).toEqual([{ parent, values: [2] }]);
    expect(conditionsFor({ norm: ['batch', ['group', { num_groups: 4 }]] })).toEqual([
      { parent, values: [0, 2] },
    ]);
  });

  it('names the parent by PRL, alias or first-level name', () => {
    expect(conditionsFor({ [parent]: 'batch' })).toEqual([{ parent, values: [0] }]);
    const optimizer = {
      name: 'SGD',
      search: [{ domain: 'lr', type: 'bool', args: ['nesterov'], when: { amp: true, '@kind': 'batch' } }],
    };
    const model = { name: 'UNet', search: [{ ...norm, args: ['norm#kind'] }] };
    const config = train(
      { optimizer, model },
      { amp: false, search: [{ domain: 'net', type: 'bool', args: ['amp'] }] },
    );
    expect(parametersOf(config).at(-1)!.conditions).toEqual([
      { parent: 'net.bool.$0:amp', values: [1] },
      { parent: 'net.enum.train.model$0:norm', values: [0] },
    ]);
  });

  it('prefers an arg of the same component to a name from elsewhere', () => {
    const search = [{ domain: 'net', type: 'bool', args: ['norm'] }];
    const model = { name: 'UNet', args: { use: '{norm}' }, search: [norm, dependent({ norm: 'batch' })] };
    expect(parametersOf(train({ model }, { search })).at(-1)!.conditions).toEqual([
      { parent: 'net.enum.train.model$0:norm', values: [0] },
    ]);
  });
});

describe('conditions that follow from switches', () => {
  const off = { domain: 'transform', type: 'enum', args: ['@disabled'], targets: [[true], [false]] };
  const prob = { domain: 'transform', type: 'float', args: ['prob'], targets: [0, 1] };
  const conditionOf = (config: JsonObject, prl: string): unknown =>
    parametersOf(config).find((parameter) => parameter.prl === prl)!.conditions;

  it('a component that switches itself', () => {
    const config = train({ pre_transforms: [transform('RandFlipd', prob, off)] });
    expect(conditionOf(config, 'transform.float.train.pre_transforms.#1$0:prob')).toEqual([
      { parent: 'transform.enum.train.pre_transforms.#1$1:@disabled', values: [1] },
    ]);
  });

  it('one item that sets the switch and an arg is never its own condition', () => {
    const both = {
      ...off,
      args: ['@disabled', 'prob'],
      targets: [
        [true, 0],
        [false, 0.5],
      ],
    };
    const config = train({ pre_transforms: [transform('RandFlipd', both)] });
    expect(parametersOf(config)[0]!.conditions).toEqual([]);
  });

  it('components within a component', () => {
    const inner = { name: 'Inner', args: {}, search: [{ domain: 'net', type: 'bool', args: ['a'] }] };
    const config = train({ pre_transforms: [{ name: 'Outer', args: { inner }, search: [off] }] });
    expect(conditionOf(config, 'net.bool.train.pre_transforms.#1.args.inner$0:a')).toHaveLength(1);
  });

  it('an alias matters while one of its places is enabled', () => {
    const aliased = { ...prob, args: ['prob#p'] };
    const other = { name: 'RandZoomd', args: { prob: 0.1 }, apply: { prob: 'p' } };
    const prl = 'transform.float.train.pre_transforms.#1$0:prob';
    const always = train({ pre_transforms: [transform('RandFlipd', aliased, off), other] });
    expect(conditionOf(always, prl)).toEqual([]);
    const switched = { ...other, apply: { prob: 'p', '@disabled': 'o' } };
    const together = train({
      pre_transforms: [transform('RandFlipd', aliased, { ...off, args: ['@disabled#o'] }), switched],
    });
    expect(conditionOf(together, prl)).toHaveLength(1);
  });

  it('a component that is off for good is not searched, its aliases are not known', () => {
    const config = train({
      pre_transforms: [{ ...transform('RandFlipd', prob), disabled: true }, transform('RandZoomd', prob)],
    });
    expect(parametersOf(config).map(({ prl }) => prl)).toEqual([
      'transform.float.train.pre_transforms.#2$0:prob',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { formatFault, type Fault } from '../../../common/fault.ts';
import { formatJsonPath, type Json, type JsonObject } from '../../../common/json.ts';
import { faultsOf, spaceOf } from './load-config.ts';

interface Parts {
  readonly first?: readonly Json[];
  readonly loss?: Json;
  readonly optimizer?: Json;
  readonly lr_search?: Json;
}

const lossArgs = { include_background: true, softmax: true, squared_pred: false };

/** A small config around the parts that matter. */
function configOf({ first, loss, optimizer, lr_search }: Parts): JsonObject {
  return {
    learning_rate: 0.001,
    amp: false,
    ...(first === undefined ? {} : { search: first }),
    ...(lr_search === undefined ? {} : { lr_search }),
    train: {
      loss: loss ?? { name: 'DiceLoss', args: lossArgs },
      optimizer: optimizer ?? { name: 'Adam', args: { lr: '{learning_rate}' } },
    },
  };
}

const dice = (...search: readonly Json[]): JsonObject => ({ name: 'DiceLoss', args: lossArgs, search });
const item = (type: string, args: Json, targets?: Json, more: JsonObject = {}): JsonObject => ({
  domain: 'net',
  type,
  args,
  ...(targets === undefined ? {} : { targets }),
  ...more,
});
const softmax = item('enum', ['softmax'], [[true], [false]]);

const codeAndPath = ({ code, path = [] }: Fault): string => `${code} ${formatJsonPath(path)}`;
const known = (name: string): readonly string[] | undefined =>
  ({ DiceLoss: ['include_background', 'softmax', 'squared_pred', 'jaccard'], Adam: ['params', 'lr'] })[name];

/** What is wrong: the parts of the config, and its faults as `code path`. */
const cases: Readonly<Record<string, readonly [Parts, ...string[]]>> = {
  'an arg that does not exist': [
    { loss: dice(item('enum', ['softmaxx'], [[true], [false]])) },
    'search-unknown-argument train.loss.search[0].args',
  ],
  'an apply to an arg that does not exist': [
    {
      first: [item('enum', ['flag'], [[true], [false]])],
      loss: { name: 'DiceLoss', args: lossArgs, apply: { softmaxx: 'flag' } },
    },
    'search-unknown-argument train.loss.apply.softmaxx',
  ],
  'an attribute that does not exist': [
    { loss: dice(item('enum', ['@rank'], [[0], [1]])) },
    'search-unknown-argument train.loss.search[0].args',
  ],
  'a float with one number': [{ lr_search: [0.1] }, 'search-target lr_search'],
  'a float with choices': [
    { loss: dice(item('float', ['softmax'], [[0], [1]])) },
    'search-target train.loss.search[0].targets',
  ],
  'a float whose ends are exchanged': [{ lr_search: [0.1, 0.01] }, 'search-target lr_search'],
  'a float whose ends are the same': [{ lr_search: [0.1, 0.1] }, 'search-target lr_search'],
  'a log scale from zero': [
    { first: [item('float', ['learning_rate'], [0, 1], { log: true })] },
    'search-target search[0].targets',
  ],
  'an int with fractions': [
    { first: [item('int', ['learning_rate'], [0.5, 3])] },
    'search-target search[0].targets',
  ],
  'an int whose steps do not reach its end': [
    { first: [item('int', ['learning_rate'], [1, 8, 2])] },
    'search-target search[0].targets',
  ],
  'an int with a step on a log scale': [
    { first: [item('int', ['learning_rate'], [1, 9, 2], { log: true })] },
    'search-target search[0].targets',
  ],
  'an enum without choices': [{ first: [item('enum', ['amp'], [])] }, 'search-target search[0].targets'],
  'an enum without targets': [{ first: [item('enum', ['amp'])] }, 'search-target search[0].targets'],
  'choices that are no lists': [
    { first: [item('enum', ['amp'], [true, false])] },
    'search-target search[0].targets[0]',
    'search-target search[0].targets[1]',
  ],
  'a choice with too many values': [
    { first: [item('enum', ['amp'], [[true, 1], [false]])] },
    'search-target search[0].targets[0]',
  ],
  'a choice that stands twice': [
    { loss: dice(item('enum', ['softmax'], [[[1, { a: 2, b: 3 }]], [[1, { b: 3, a: 2 }]]])) },
    'search-target train.loss.search[0].targets[1]',
  ],
  'a bool with targets': [
    { first: [item('bool', ['amp'], [[true], [false]])] },
    'search-target search[0].targets',
  ],
  'choices on a log scale': [
    { first: [item('enum', ['amp'], [[true]], { log: true })] },
    'search-target search[0].log',
  ],
  '@disabled with values that are no switch': [
    { loss: dice(item('enum', ['@disabled'], [[true], ['off']])) },
    'search-target train.loss.search[0].targets[1]',
  ],
  '@disabled as a float': [
    { loss: dice(item('float', ['@disabled'], [0, 1])) },
    'search-target train.loss.search[0].type',
  ],
  'the same arg in two items': [
    { loss: dice(softmax, softmax) },
    'search-duplicate train.loss.search[1].args',
  ],
  'the same arg twice in one item': [
    { loss: dice(item('enum', ['softmax', 'softmax'], [[true, false]])) },
    'search-duplicate train.loss.search[0].args',
  ],
  'an arg that is searched and gets an alias': [
    { loss: { ...dice(item('bool', ['softmax#on'])), apply: { softmax: 'on', squared_pred: 'on' } } },
  ],
  'an arg that gets two searched values': [
    {
      first: [item('bool', ['flag'])],
      loss: { ...dice(softmax), apply: { softmax: 'flag' } },
    },
    'search-duplicate train.loss.apply.softmax',
  ],
  'a first-level value in search and lr_search': [
    { first: [item('float', ['learning_rate'], [0.1, 0.2])], lr_search: [0.1, 0.2] },
    'search-duplicate lr_search',
  ],
  'an alias that two items publish': [
    {
      loss: {
        ...dice(item('bool', ['softmax#on']), item('bool', ['squared_pred#on'])),
        apply: { include_background: 'on' },
      },
    },
    'search-duplicate train.loss.search[1].args',
  ],
  'an alias that is never applied': [
    { loss: dice(item('bool', ['softmax#on'])) },
    'search-alias-unused train.loss.search[0].args',
  ],
  'a free name that is never applied': [
    { first: [item('bool', ['use_ampp'])] },
    'search-alias-unused search[0].args',
  ],
  'an alias that nothing declares': [
    { loss: { ...dice(softmax), apply: { squared_pred: 'of' } } },
    'search-alias-undeclared train.loss.apply.squared_pred',
  ],
  'a condition on something that is not searched': [
    { loss: dice(item('bool', ['softmax'], undefined, { when: { norm: 'batch' } })) },
    'search-condition train.loss.search[0].when.norm',
  ],
  'a condition on a value that is no choice': [
    { loss: dice(softmax, item('bool', ['squared_pred'], undefined, { when: { softmax: 'yes' } })) },
    'search-condition train.loss.search[1].when.softmax',
  ],
  'a condition on no value at all': [
    { loss: dice(softmax, item('bool', ['squared_pred'], undefined, { when: { softmax: [] } })) },
    'search-condition train.loss.search[1].when.softmax',
  ],
  'a condition on a float': [
    {
      lr_search: [0.1, 0.2],
      loss: dice(item('bool', ['softmax'], undefined, { when: { learning_rate: 0.1 } })),
    },
    'search-condition train.loss.search[0].when.learning_rate',
  ],
  'a condition on an int beyond its range': [
    {
      first: [item('int', ['epochs#n'], [10, 20, 5])],
      loss: {
        ...dice(item('bool', ['softmax'], undefined, { when: { n: [15, 16] } })),
        apply: { include_background: 'n' },
      },
    },
    'search-condition train.loss.search[0].when.n',
  ],
  'a condition on itself': [
    { loss: dice(item('bool', ['softmax'], undefined, { when: { softmax: true } })) },
    'search-condition train.loss.search[0].when.softmax',
  ],
  'conditions in a circle': [
    {
      loss: dice(
        item('bool', ['softmax'], undefined, { when: { squared_pred: true } }),
        item('bool', ['squared_pred'], undefined, { when: { softmax: true } }),
      ),
    },
    'search-condition train.loss.search[0]',
  ],
  'conditions that contradict each other': [
    {
      loss: dice(
        softmax,
        item('bool', ['squared_pred'], undefined, { when: { softmax: true } }),
        item('bool', ['include_background'], undefined, { when: { squared_pred: true, softmax: false } }),
      ),
    },
    'search-condition train.loss.search[2]',
  ],
  'a switch that leaves no loss': [
    {
      first: [
        item(
          'enum',
          ['a', 'b'],
          [
            [false, true],
            [true, true],
          ],
        ),
      ],
      loss: [
        { name: 'DiceLoss', apply: { '@disabled': 'a' } },
        { name: 'FocalLoss', apply: { '@disabled': 'b' } },
      ],
    },
    'no-alternative-enabled train.loss',
  ],
  'a switch that leaves two losses': [
    {
      first: [item('bool', ['a'])],
      loss: [{ name: 'DiceLoss', apply: { '@disabled': 'a' } }, { name: 'FocalLoss' }],
    },
    'several-alternatives-enabled train.loss',
  ],
  'nothing searched': [{}, 'search-empty (root)'],
  'search in a component that is off': [
    { loss: { ...dice(softmax), disabled: true } },
    'search-empty (root)',
  ],
  'search that is no list': [{ loss: { ...dice(), search: softmax } }, 'schema train.loss.search'],
  'search outside of a component': [
    { first: [item('bool', ['amp'])], loss: { args: lossArgs, search: [softmax] } },
    'schema train.loss.search',
  ],
  'an item without type': [
    { loss: dice({ domain: 'net', args: ['softmax'], targets: [[true]] }) },
    'schema train.loss.search[0].type',
  ],
  'an item with a key that nobody knows': [
    { loss: dice({ ...softmax, target: [] }) },
    'schema train.loss.search[0].target',
  ],
  'a domain that would break the PRL': [
    { loss: dice({ ...softmax, domain: 'a.b' }) },
    'schema train.loss.search[0].domain',
  ],
  'an empty alias': [{ loss: dice(item('bool', ['softmax#'])) }, 'schema train.loss.search[0].args'],
  'an apply that is no map': [{ loss: { ...dice(softmax), apply: ['softmax'] } }, 'schema train.loss.apply'],
};

describe('what is wrong with a search', () => {
  it.each(Object.entries(cases))('%s', (_, [parts, ...expected]) => {
    const faults = faultsOf(configOf(parts), { knownArguments: known });
    expect(faults.map(codeAndPath)).toEqual(expected);
    for (const fault of faults) {
      expect(fault.file).toBe('config_train.json');
      expect(fault.allowed, formatFault(fault)).toBeTruthy();
    }
  });

  it('collects everything', () => {
    const faults = faultsOf(
      configOf({
        lr_search: [2, 1],
        loss: dice(item('enum', ['softmax'], [true]), item('bool', ['squared#x'])),
      }),
      { knownArguments: known },
    );
    expect(faults.map(({ code }) => code).sort()).toEqual([
      'search-alias-unused',
      'search-target',
      'search-target',
      'search-unknown-argument',
    ]);
  });
});

describe('messages', () => {
  const messageOf = (parts: Parts): string =>
    faultsOf(configOf(parts), { knownArguments: known }).map(formatFault).join('\n');

  it('show the right shape', () => {
    expect(
      messageOf({
        loss: dice(
          item(
            'enum',
            ['softmax'],
            [
              [8, 16],
              [16, 32],
            ],
          ),
        ),
      }),
    ).toContain('[[[8,16]],[[16,32]]]');
    expect(messageOf({ first: [item('enum', ['amp'], [true, false])] })).toContain('[[true],[false]]');
    expect(messageOf({ first: [item('int', ['learning_rate'], [1, 8, 2])] })).toContain(
      '[1, 7, 2] or [1, 9, 2]',
    );
    expect(messageOf({ lr_search: ['a', 'b'] })).toContain('[smallest, largest], e.g. [0.0001, 0.001]');
  });

  it('suggest names', () => {
    expect(messageOf({ loss: dice(item('bool', ['softmx'])) })).toBe(
      'config_train.json: train.loss.search[0].args: DiceLoss.softmx: DiceLoss has no argument "softmx". ' +
        'Did you mean softmax? Allowed: include_background, softmax, squared_pred, jaccard.',
    );
    expect(messageOf({ first: [item('bool', ['ampp'])] })).toContain('Did you mean amp?');
    expect(
      messageOf({
        first: [item('bool', ['flip'])],
        loss: { ...dice(softmax), apply: { squared_pred: 'flop', include_background: 'flip' } },
      }),
    ).toContain('Did you mean flip?');
  });

  it('name the choice that leaves no alternative', () => {
    const message = messageOf({
      first: [
        item(
          'enum',
          ['a', 'b'],
          [
            [false, true],
            [true, true],
          ],
        ),
      ],
      loss: [
        { name: 'DiceLoss', apply: { '@disabled': 'a' } },
        { name: 'FocalLoss', apply: { '@disabled': 'b' } },
      ],
    });
    expect(message).toContain('With net.enum.$0:a,b = [true,true], no "loss" is enabled.');
  });
});

describe('strict', () => {
  it('refuses every extension by its place', () => {
    const config = configOf({
      first: [item('float', ['learning_rate'], [0.1, 1], { log: true }), item('int', ['epochs'], [1, 2])],
      loss: dice(softmax, {
        ...item('bool', ['squared_pred'], undefined, { when: { softmax: true } }),
        domain: 'loss',
      }),
    });
    expect(spaceOf({ ...config, epochs: 1 }).parameters).toHaveLength(4);
    expect(faultsOf({ ...config, epochs: 1 }, { strict: true }).map(codeAndPath)).toEqual([
      'search-not-clara search[0].log',
      'search-not-clara search[1].type',
      'search-not-clara train.loss.search[1].type',
      'search-not-clara train.loss.search[1].when',
      'search-not-clara train.loss.search[1].domain',
    ]);
  });

  it('derives no conditions: every value is always set, as in Clara', () => {
    const config = configOf({
      first: [
        item(
          'enum',
          ['a', 'b'],
          [
            [false, true],
            [true, false],
          ],
        ),
      ],
      loss: [
        { ...dice(softmax), apply: { '@disabled': 'a' } },
        { name: 'FocalLoss', apply: { '@disabled': 'b' } },
      ],
    });
    expect(spaceOf(config).parameters[1]!.conditions).toHaveLength(1);
    expect(spaceOf(config, { strict: true }).parameters[1]!.conditions).toEqual([]);
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../../common/fault.ts';
import { parseSetArguments } from '../../../../common/mmar/set-arguments.ts';
import { isActive, type SearchSpace } from '../../../../common/search-space/search-space.ts';
import { representativePoints } from '../../../../main/mmar/check/representative-points.ts';
import { checkTiny, forSearch, removeTinyMmars, type TinyMmar } from './tiny-mmar.ts';

afterAll(removeTinyMmars);

/** Searches the channels of the network. */
function searchChannels(...choices: readonly (readonly number[])[]) {
  return ({ train }: TinyMmar): void => {
    train.train.model.search = [
      { domain: 'net', type: 'enum', args: ['channels'], targets: choices.map((choice) => [choice]) },
    ];
  };
}

/** Two losses, exactly one of which is enabled by a first-level switch. */
function switchLosses({ train }: TinyMmar): void {
  train.search = [
    {
      domain: 'transform',
      type: 'enum',
      args: ['diceOff', 'focalOff'],
      targets: [
        [true, false],
        [false, true],
      ],
    },
  ];
  train.train.loss = [
    { ...train.train.loss, apply: { '@disabled': 'diceOff' } },
    { name: 'FocalLoss', args: { to_onehot_y: true }, apply: { '@disabled': 'focalOff' } },
  ];
}

const check = (edit: (mmar: TinyMmar) => void, ...words: readonly string[]) =>
  checkTiny(edit, { ...forSearch, overrides: unwrap(parseSetArguments(words)) });

describe('a search', () => {
  it('is sound when every choice is', async () => {
    expect((await check(searchChannels([4, 8], [8, 16]))).lines).toEqual([]);
    expect((await check(switchLosses)).lines).toEqual([]);
  });

  it('names the choice that does not work', async () => {
    expect((await check(searchChannels([4, 8], [4]))).lines).toEqual([
      expect.stringMatching(
        /^config\/config_train\.json: train\.model\.args\.channels: UNet\.channels: \[4\] does not fit\. This is so with net\.enum\.train\.model\$0:channels = \[\[4\]\]\./,
      ),
    ]);
  });

  it('tries every choice with the images', async () => {
    const { faults } = await check((mmar) => {
      mmar.train.train.pre_transforms[3].search = [
        {
          domain: 'transform',
          type: 'enum',
          args: ['spatial_size'],
          targets: [[[8, 8, 8]], [[16, 16, 16]], [[7, 8, 8]]],
        },
      ];
    });
    expect(faults.map(({ code, message }) => [code, /with (.*)\.$/.exec(message)?.[1]])).toEqual([
      ['patch-too-large', 'transform.enum.train.pre_transforms.#4$0:spatial_size = [[16,16,16]]'],
      ['size-not-divisible', 'transform.enum.train.pre_transforms.#4$0:spatial_size = [[7,8,8]]'],
    ]);
  });

  it('tries both ends of a range', async () => {
    const { faults } = await check(({ train }) => {
      train.train.model.search = [{ domain: 'net', type: 'float', args: ['dropout'], targets: [0, 1] }];
    });
    expect(faults).toMatchObject([{ code: 'wrong-argument', component: 'UNet', argument: 'dropout' }]);
  });

  it('checks the alternatives that a choice enables, though the config disables them', async () => {
    const { faults } = await check((mmar) => {
      switchLosses(mmar);
      mmar.train.train.loss[0].disabled = false;
      mmar.train.train.loss[1].disabled = true;
      mmar.train.train.loss[1].args.gamma = -1;
    });
    expect(faults).toMatchObject([{ code: 'wrong-argument', component: 'FocalLoss', argument: 'gamma' }]);
  });

  it('reports what is wrong with the search section', async () => {
    expect((await check(() => undefined)).faults).toMatchObject([{ code: 'search-empty' }]);
    const unknown = await check(({ train }) => {
      train.train.model.search = [{ domain: 'net', type: 'enum', args: ['chanels'], targets: [[[4, 8]]] }];
    });
    expect(unknown.faults).toMatchObject([{ code: 'search-unknown-argument' }]);
  });

  it('must not search what environment.json sets', async () => {
    const { faults } = await check((mmar) => {
      mmar.train.search = [{ domain: 'lr', type: 'float', args: ['learning_rate'], targets: [0.001, 0.01] }];
      mmar.environment.learning_rate = 0.5;
    });
    expect(faults).toMatchObject([
      { code: 'search-target', file: 'config/environment.json', path: ['learning_rate'] },
    ]);
  });

  it('needs a score from every job', async () => {
    const { faults } = await check((mmar) => {
      searchChannels([4, 8], [8, 16])(mmar);
      mmar.train.train.handlers = [];
    });
    expect(faults).toMatchObject([{ code: 'validation-never-runs', path: ['train', 'handlers'] }]);
  });

  it('does not hand its own settings on to the jobs', async () => {
    expect((await check(searchChannels([4, 8], [8, 16]), 'learning_rate=-1')).lines).toEqual([]);
  });
});

describe('config_automl', () => {
  const channels = searchChannels([4, 8], [8, 16]);

  it('is missing, or has unknown components', async () => {
    const missing = await check((mmar) => {
      channels(mmar);
      mmar.files['config/config_automl.json'] = undefined;
    });
    expect(missing.faults).toMatchObject([{ code: 'file-missing', file: 'config/config_automl.json' }]);
    const unknown = await check((mmar) => {
      channels(mmar);
      mmar.automl.controller.name = 'ReinforcmentController';
      mmar.automl.executor.args = { remove_search_aug: true };
    });
    expect(unknown.lines.map((line) => line.split(' Allowed')[0])).toEqual([
      'config/config_automl.json: controller.name: ReinforcmentController: There is no automl controller "ReinforcmentController". Did you mean ReinforcementController?',
      'config/config_automl.json: executor.args.remove_search_aug: MMARExecutor.remove_search_aug: There is no "remove_search_aug" here. Did you mean remove_search_augs?',
    ]);
  });

  it('wants the modules of user code to be there', async () => {
    const own = (files: Record<string, string>) =>
      check((mmar) => {
        channels(mmar);
        mmar.automl.controller = { name: 'mine', path: 'search.mine.RandomController' };
        Object.assign(mmar.files, files);
      });
    expect((await own({})).faults).toMatchObject([{ code: 'user-code', path: ['controller', 'path'] }]);
    expect((await own({ 'custom/search/mine.js': '' })).faults).toEqual([]);
  });

  it('may have another trainer, whose components are its own', async () => {
    const foreign = (edit: (mmar: TinyMmar) => void) =>
      check((mmar) => {
        channels(mmar);
        mmar.automl.executor = { name: 'CommandExecutor' };
        mmar.train.train.loss.name = 'LossOfTheSite';
        mmar.files['commands/automl_train_round.sh'] = 'python -m site.train\n';
        edit(mmar);
      });
    expect(await foreign(() => undefined)).toMatchObject({ faults: [], warnings: [] });
    const wrong = await foreign(({ train }) => (train.train.model.search[0].targets = []));
    expect(wrong.faults).toMatchObject([{ code: 'search-target' }]);
    const ours = await foreign(({ files }) => {
      files['commands/automl_train_round.sh'] = 'exec "$OUTERLOOP" train -m "$MMAR_ROOT"\n';
    });
    expect(ours.faults).toEqual([]);
    expect(ours.warnings[0]).toMatch(
      /LossOfTheSite.*Outerloop's own trainer, which commands\/automl_train_round\.sh seems to call, would refuse this\./,
    );
    const away = await foreign(({ environment }) => (environment.DATA_ROOT = 'data/on/the/cluster'));
    expect(away.faults).toEqual([]);
    expect(away.warnings).toEqual([
      'config/environment.json: DATA_ROOT: The folder that DATA_ROOT names is not there. Allowed: a path that the command can read.',
    ]);
  });

  it.each([
    ['commands/gone.sh', 'file-missing', 'The command "commands/gone.sh" is not there.'],
    ['custom/folder', 'file-missing', 'The command "custom/folder" is not there.'],
    ['commands/plain', 'wrong-argument', 'The command "commands/plain" cannot be executed.'],
    [
      '../train.sh',
      'wrong-argument',
      'The command "../train.sh" is not in commands/ or custom/ of the MMAR, whose files a user can trust.',
    ],
  ])('needs the command of a CommandExecutor: %s', async (command, code, message) => {
    const { faults } = await check((mmar) => {
      channels(mmar);
      mmar.automl.executor = { name: 'CommandExecutor', args: { command } };
      mmar.files['commands/plain'] = 'echo';
    });
    expect(faults).toMatchObject([
      {
        code,
        message,
        file: 'config/config_automl.json',
        path: ['executor', 'args', 'command'],
        component: 'CommandExecutor',
        argument: 'command',
      },
    ]);
  });

  it('names the train config', async () => {
    const { faults } = await check(channels, 'trainconf=trn_autoML_Enum.json');
    expect(faults).toMatchObject([{ code: 'file-missing', file: 'config/trn_autoML_Enum.json' }]);
  });
});

describe('representativePoints', () => {
  const space: SearchSpace = {
    parameters: [
      {
        prl: 'a',
        type: 'enum',
        domain: 'net',
        args: ['a'],
        conditions: [],
        choices: [['x'], ['y'], ['z']],
        current: 1,
      },
      {
        prl: 'b',
        type: 'float',
        domain: 'net',
        args: ['b'],
        conditions: [{ parent: 'a', values: [2] }],
        min: 0,
        max: 1,
        log: false,
      },
      {
        prl: 'c',
        type: 'int',
        domain: 'net',
        args: ['c'],
        conditions: [{ parent: 'a', values: [0, 2] }],
        min: 1,
        max: 6,
        step: 2,
        log: false,
      },
    ],
  };

  it('begins with what the config holds, and has every choice and both ends', () => {
    const points = representativePoints(space).map(({ values }) => values);
    expect(points).toEqual([
      { a: 1 },
      { a: 0, c: 1 },
      { a: 2, b: 0, c: 1 },
      { a: 2, b: 1, c: 1 },
      { a: 0, c: 5 },
    ]);
  });

  it('has values for exactly the active parameters', () => {
    for (const { values } of representativePoints(space)) {
      const active = space.parameters
        .filter((parameter) => isActive(parameter, values))
        .map(({ prl }) => prl);
      expect(Object.keys(values).sort()).toEqual(active);
    }
  });

  it('stays small for large spaces', () => {
    const wide: SearchSpace = {
      parameters: Array.from({ length: 20 }, (_, index) => ({
        prl: `p${index}`,
        type: 'enum' as const,
        domain: 'net',
        args: ['x'],
        conditions: [],
        choices: [[1], [2], [3]],
      })),
    };
    expect(representativePoints(wide)).toHaveLength(1 + 20 * 2);
  });
});

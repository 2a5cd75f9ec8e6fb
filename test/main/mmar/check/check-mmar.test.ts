import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../../common/fault.ts';
import { parseSetArguments } from '../../../../common/mmar/set-arguments.ts';
import { checkMmar } from '../../../../main/mmar/check/check-mmar.ts';
import { checkSpace, checkWritable } from '../../../../main/mmar/check/check-machine.ts';
import { checkTiny, removeTinyMmars, writeTinyMmar } from './tiny-mmar.ts';

afterAll(removeTinyMmars);

const set = (...words: readonly string[]) => ({ overrides: unwrap(parseSetArguments(words)) });

describe('a sound MMAR', () => {
  it('has no faults and no warnings', async () => {
    expect(await checkTiny()).toEqual({ faults: [], lines: [], warnings: [] });
  });
});

describe('files', () => {
  it('misses the train config', async () => {
    const { faults } = await checkTiny((mmar) => (mmar.files['config/config_train.json'] = undefined));
    expect(faults).toMatchObject([{ code: 'file-missing', file: 'config/config_train.json' }]);
  });

  it('may do without an environment, with a warning and faults for what it would have set', async () => {
    const { faults, warnings } = await checkTiny(
      (mmar) => (mmar.files['config/environment.json'] = undefined),
    );
    expect(warnings).toEqual(['config/environment.json: The file is not there.']);
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['unknown-variable']));
  });

  it('says where a truncated config ends', async () => {
    const { lines } = await checkTiny((mmar) => (mmar.files['config/config_train.json'] = '{\n  "train": {'));
    expect(lines).toEqual([
      'config/config_train.json:2:13: Expected a key in double quotes, found the end of the file (opened in line 2).',
    ]);
  });

  it('says when a config is a folder', async () => {
    const { lines } = await checkTiny((mmar) => {
      mmar.files['config/config_train.json'] = undefined;
      mmar.files['config/config_train.json/x'] = '';
    });
    expect(lines).toEqual(['config/config_train.json: A folder stands where a file is needed.']);
  });

  it('says when a config is no text, or has a word for a number', async () => {
    const { lines } = await checkTiny(
      (mmar) => (mmar.files['config/config_train.json'] = Buffer.from([0xff, 0xfe, 0x7b, 0])),
    );
    expect(lines).toEqual([
      'config/config_train.json: It is no text in UTF-8. Allowed: the file saved as UTF-8.',
    ]);
    const words = await checkTiny(({ train }) => Object.assign(train, { epochs: 'many' }));
    expect(words.lines).toContain(
      'config/config_train.json: epochs: "many" does not fit. Allowed: a whole number, or a variable such as {NAME}.',
    );
  });

  it('checks environment.json', async () => {
    const { lines } = await checkTiny((mmar) => (mmar.environment.OUTPUT_CHANNELS = 'two'));
    expect(lines).toEqual([
      'config/environment.json: OUTPUT_CHANNELS: "two" does not fit. Allowed: a number.',
    ]);
  });

  it('takes another train config', async () => {
    const { faults } = await checkTiny(undefined, { trainConfig: 'config/other.json' });
    expect(faults).toMatchObject([{ code: 'file-missing', file: 'config/other.json' }]);
  });
});

describe('the train config', () => {
  it('collects faults of every kind, each once', async () => {
    const { lines } = await checkTiny(({ train }) => {
      train.train.loss.name = 'DiceLos';
      train.train.optimizer.args.learning_rate = 1;
      train.train.pre_transforms[2].args.minv = 'low';
    });
    expect(lines.map((line) => line.split(' Allowed')[0])).toEqual([
      'config/config_train.json: train.loss.name: DiceLos: There is no loss "DiceLos". Did you mean DiceLoss?',
      'config/config_train.json: train.optimizer.args.learning_rate: Adam.learning_rate: There is no "learning_rate" here.',
      'config/config_train.json: train.pre_transforms[2].args.minv: ScaleIntensityd.minv: "low" does not fit.',
    ]);
  });

  it('reports unknown variables, references and expressions', async () => {
    const { faults } = await checkTiny(({ train }) => {
      train.train.optimizer.args.lr = '{learning_rat}';
      train.validate.key_metric.args.output_transform = '#eval("1")';
    });
    expect(faults.map(({ code }) => code)).toEqual(['unknown-variable', 'unsupported-expression']);
    const dangling = await checkTiny(({ train }) => (train.train.trainer.args.network = '@net'));
    expect(dangling.faults).toMatchObject([
      { code: 'unknown-reference', component: 'SupervisedTrainer', argument: 'network' },
    ]);
  });

  it('refuses none and several alternatives', async () => {
    const both = await checkTiny(
      ({ train }) => (train.train.loss = [train.train.loss, { name: 'FocalLoss' }]),
    );
    expect(both.faults).toMatchObject([{ code: 'several-alternatives-enabled', path: ['train', 'loss'] }]);
    const none = await checkTiny(
      ({ train }) => (train.train.loss = [{ ...train.train.loss, disabled: true }]),
    );
    expect(none.faults).toMatchObject([{ code: 'no-alternative-enabled' }]);
  });

  it('wants a trainer', async () => {
    expect((await checkTiny(({ train }) => delete train.train.trainer)).faults).toMatchObject([
      { code: 'schema', path: ['train', 'trainer'] },
    ]);
  });

  it('refuses 3.x', async () => {
    const { faults } = await checkTiny(({ train }) => (train.train.lr_policy = { name: 'ReducePoly' }));
    expect(faults).toMatchObject([{ code: 'unsupported-dialect' }]);
  });

  it('takes --set into account', async () => {
    const { lines } = await checkTiny(undefined, set('learning_rate=-1'));
    expect(lines).toEqual([
      'config/config_train.json: train.optimizer.args.lr: Adam.lr: -1 does not fit. Allowed: a number above 0.',
    ]);
  });

  it('warns of a section that nothing uses', async () => {
    const { faults, warnings } = await checkTiny(
      ({ train }) => (train.validate.post_transform = [{ ref: 'Activationsd' }]),
    );
    expect(faults).toEqual([]);
    expect(warnings[0]).toMatch(/validate\.post_transform: .* is not used\. Did you mean post_transforms or/);
  });

  it('wants the modules of user code and of checkpoints to be there', async () => {
    const { lines } = await checkTiny(({ train }) => {
      train.train.loss = { path: 'myLoss.MyDiceLoss' };
      train.train.handlers.unshift({
        name: 'CheckpointLoader',
        args: { load_path: '{MMAR_CKPT}', load_dict: { model: '@model' } },
      });
    });
    expect(lines.map((line) => line.split(' Allowed')[0])).toEqual([
      'config/config_train.json: train.loss.path: MyDiceLoss: The module of "myLoss.MyDiceLoss" is not there.',
      'config/config_train.json: train.handlers[0].args.load_path: CheckpointLoader.load_path: The checkpoint "models/model.pt" is not there.',
    ]);
    const complete = await checkTiny(({ train, files }) => {
      train.train.loss = { path: 'myLoss.MyDiceLoss' };
      files['custom/myLoss.ts'] = '';
    });
    expect(complete.faults).toEqual([]);
  });
});

describe('validation', () => {
  it('would never run', async () => {
    const { lines } = await checkTiny(({ train }) => (train.interval = 5));
    expect(lines).toEqual([
      'config/config_train.json: train.handlers[0].args.interval: ValidationHandler.interval: The validation would never run: every 5 epochs, but the training has 4. Allowed: at most 4, or more epochs.',
    ]);
    expect((await checkTiny(({ train }) => (train.interval = 4))).faults).toEqual([]);
  });

  it('counts steps where the handler does', async () => {
    const perStep = (interval: number) =>
      checkTiny(
        ({ train }) =>
          (train.train.handlers[0].args = { validator: '@evaluator', interval, epoch_level: false }),
      );
    expect((await perStep(4)).faults).toEqual([]);
    expect((await perStep(5)).lines[0]).toMatch(/every 5 steps, but the training has 4/);
  });

  it('may be absent from a training, with a warning', async () => {
    const without = ({ train }: { train: { train: { handlers: unknown[] } } }) => (train.train.handlers = []);
    const training = await checkTiny(without);
    expect(training.faults).toEqual([]);
    expect(training.warnings).toHaveLength(1);
  });

  it('needs a key metric to give a score', async () => {
    const { faults, warnings } = await checkTiny(
      ({ train }) => delete train.validate.evaluator.args.key_val_metric,
    );
    expect(faults).toEqual([]);
    expect(warnings[0]).toMatch(/no key metric/);
  });
});

describe('evaluation configs', () => {
  const evaluation = (edit: (config: ReturnType<typeof JSON.parse>) => void) =>
    checkTiny(({ train, files }) => {
      const { pre_transforms, post_transforms } = train.train;
      const config = { ...structuredClone(train.validate), model: { ckpt_path: '{MMAR_CKPT}' } };
      Object.assign(config, {
        pre_transforms: [0, 1, 2, 4].map((index) => pre_transforms[index]),
        post_transforms,
      });
      edit(config);
      files['config/config_validation.json'] = JSON.stringify(config);
    });

  it('are checked, as warnings', async () => {
    expect(await evaluation(() => undefined)).toMatchObject({ faults: [], warnings: [] });
    const { faults, warnings } = await evaluation((config) => {
      config.inferer.args.overlap = 2;
      config.key_metric.name = 'MeanDyce';
    });
    expect(faults).toEqual([]);
    expect(warnings.map((line) => line.split(' Allowed')[0])).toEqual([
      'config/config_validation.json: inferer.args.overlap: SlidingWindowInferer.overlap: 2 does not fit.',
      'config/config_validation.json: key_metric.name: MeanDyce: There is no metric "MeanDyce". Did you mean MeanDice?',
    ]);
    expect((await evaluation((config) => delete config.model)).warnings[0]).toMatch(
      /model: No model is enabled/,
    );
  });
});

describe('the machine', () => {
  it('lacks a GPU that a worker names', async () => {
    const gpus = [{ id: '0', name: 'Some GPU' }];
    const { lines } = await checkTiny(undefined, { ...set('workers=0:1'), devices: gpus });
    expect(lines).toEqual([
      'workers: W2 names GPU 1, which this machine does not have. Allowed: cpu, 0 (Some GPU).',
    ]);
    expect((await checkTiny(undefined, { ...set('workers=0'), devices: gpus })).faults).toEqual([]);
  });

  it('cannot write to the output folder', async () => {
    const { faults } = await checkTiny((mmar) => (mmar.files.models = 'a file'));
    expect(faults).toMatchObject([{ code: 'file-unwritable', file: 'models' }]);
  });

  it('is left as it was', async () => {
    const folder = await writeTinyMmar();
    const before = await readdir(folder, { recursive: true });
    await checkMmar(folder);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });
});

describe('checkWritable and checkSpace', () => {
  it('try the nearest folder that is there', async () => {
    const folder = await writeTinyMmar();
    expect(await checkWritable(join(folder, 'automl/run/deep'), 'automl')).toBeUndefined();
  });

  it.skipIf(process.platform !== 'linux')('report a folder that nobody can write to', async () => {
    expect(await checkWritable('/proc/outerloop', 'automl')).toMatchObject({
      code: 'file-unwritable',
      file: 'automl',
    });
  });

  it('say when there is little space', async () => {
    const folder = await writeTinyMmar();
    expect(await checkSpace(folder, 'automl', Number.MAX_SAFE_INTEGER)).toMatchObject({ code: 'disk-full' });
    expect(await checkSpace(folder, 'automl', 0)).toBeUndefined();
  });
});

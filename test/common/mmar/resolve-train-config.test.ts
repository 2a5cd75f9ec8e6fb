import { describe, expect, it } from 'vitest';
import { formatFault, unwrap, type Result } from '../../../common/fault.ts';
import { detectDialect } from '../../../common/mmar/detect-dialect.ts';
import { componentOf, componentsOf, type ResolvedTrainConfig } from '../../../common/mmar/resolved-config.ts';
import { readTrainConfig, resolveTrainConfig } from '../../../common/mmar/resolve-train-config.ts';
import { editConfig, loadConfig, sourceOf, type EditableConfig } from './load-config.ts';

const faultsOf = (result: Result<unknown>): readonly string[] =>
  result.ok ? [] : result.faults.map(formatFault);

const names = (config: ResolvedTrainConfig, section: 'train' | 'validate', slot: string): readonly string[] =>
  componentsOf(config[section], slot).map(({ name }) => name);

const breakTrain = (edit: (config: EditableConfig) => void) =>
  resolveTrainConfig(editConfig('train-4.1', edit));

describe('a 4.1 config', () => {
  const config = unwrap(resolveTrainConfig(loadConfig('train-4.1')));

  it('has its settings', () => {
    expect(config).toMatchObject({
      dialect: '4.1',
      file: 'train-4.1.json',
      determinism: { randomSeed: 0 },
      amp: true,
      multiGpu: false,
      useGpu: true,
    });
  });

  it('has typed variables in its arguments', () => {
    expect(componentOf(config.train, 'optimizer')?.args.lr).toBe(0.0002);
    expect(componentOf(config.train, 'trainer')?.args).toMatchObject({ max_epochs: 60, amp: true });
    expect(componentOf(config.train, 'dataset')?.attributes).toEqual({
      data_list_file_path: 'list.json',
      data_file_base_dir: 'data',
      data_list_key: 'training',
    });
    expect(config.json.train).toMatchObject({ trainer: { args: { max_epochs: 60 } } });
  });

  it('leaves out what is disabled', () => {
    expect(names(config, 'train', 'handlers')).toEqual([
      'LrScheduleHandler',
      'ValidationHandler',
      'StatsHandler',
      'TensorBoardStatsHandler',
    ]);
    const loaded = unwrap(
      resolveTrainConfig({ ...loadConfig('train-4.1'), overrides: { dont_load_ckpt_model: false } }),
    );
    expect(componentOf(loaded.train, 'handlers')).toMatchObject({
      name: 'CheckpointLoader',
      args: {
        load_path: '/mmar/models/model.pt',
        load_dict: { model: { kind: 'reference', name: 'model' } },
      },
    });
  });

  it('replaces refs by the components of the train section', () => {
    expect(names(config, 'validate', 'pre_transforms')).toEqual([
      'LoadImaged',
      'EnsureChannelFirstd',
      'Spacingd',
      'ScaleIntensityRanged',
      'CropForegroundd',
      'ToTensord',
    ]);
    expect(componentsOf(config.validate, 'pre_transforms')[2]).toEqual(
      componentsOf(config.train, 'pre_transforms')[2],
    );
    expect(componentsOf(config.validate, 'pre_transforms')[2]?.at).toEqual(['train', 'pre_transforms', 2]);
  });

  it('recognises references and expressions', () => {
    expect(componentOf(config.train, 'optimizer')?.args.params).toMatchObject({
      kind: 'expression',
      expression: { form: 'model-parameters', model: 'model' },
      at: ['train', 'optimizer', 'args', 'params'],
    });
    expect(componentOf(config.validate, 'evaluator')?.args.network).toEqual({
      kind: 'reference',
      name: 'model',
      at: ['validate', 'evaluator', 'args', 'network'],
    });
  });
});

describe('a 4.0 config', () => {
  const config = unwrap(resolveTrainConfig(loadConfig('train-4.0')));
  const wire = (name: string) => expect.objectContaining({ kind: 'reference', name }) as unknown;

  it('is wired as 4.1 would write it', () => {
    expect(config.dialect).toBe('4.0');
    expect(componentOf(config.train, 'dataset')?.args).toMatchObject({
      transform: wire('pre_transforms'),
      cache_num: 4,
    });
    expect(componentOf(config.train, 'dataloader')?.args.dataset).toEqual(wire('dataset'));
    expect(componentOf(config.train, 'optimizer')?.args.params).toMatchObject({
      expression: { form: 'model-parameters' },
    });
    expect(componentOf(config.train, 'lr_scheduler')?.args.optimizer).toEqual(wire('optimizer'));
    expect(componentOf(config.train, 'trainer')?.args).toEqual({
      max_epochs: 100,
      train_data_loader: wire('dataloader'),
      network: wire('model'),
      loss_function: wire('loss'),
      optimizer: wire('optimizer'),
      inferer: wire('inferer'),
      postprocessing: wire('post_transforms'),
      key_train_metric: wire('key_metric'),
      train_handlers: wire('handlers'),
      amp: true,
    });
    expect(componentOf(config.validate, 'evaluator')?.args).toMatchObject({
      network: wire('model'),
      key_val_metric: wire('key_metric'),
      val_handlers: wire('handlers'),
    });
  });

  it('splits metrics into the key metric and the others', () => {
    expect(names(config, 'validate', 'key_metric')).toEqual(['MeanDice']);
    expect(names(config, 'validate', 'additional_metrics')).toEqual(['Accuracy']);
    expect(names(config, 'validate', 'metrics')).toEqual([]);
  });

  it('turns lists of names into references', () => {
    const [schedule, validation, saver] = componentsOf(config.train, 'handlers');
    expect(schedule?.args.lr_scheduler).toEqual(wire('lr_scheduler'));
    expect(validation?.args.validator).toEqual(wire('evaluator'));
    expect(saver?.args.save_dict).toEqual({
      model: wire('model'),
      optimizer: wire('optimizer'),
      lr_scheduler: wire('lr_scheduler'),
    });
    expect(componentsOf(config.validate, 'handlers')[1]?.args.save_dict).toEqual({
      model: wire('model'),
      train_conf: wire('conf'),
    });
  });

  it('says which parts are missing', () => {
    const source = editConfig('train-4.0', (json) => {
      delete json.train.loss;
      delete json.train.dataset;
    });
    expect(faultsOf(resolveTrainConfig(source))).toEqual([
      'train-4.0.json: train.loss: The train section has no enabled "loss".',
      'train-4.0.json: train.dataset: The train section has no enabled "dataset".',
    ]);
  });

  it('needs exactly one key metric among several', () => {
    const none = editConfig('train-4.0', (json) => delete json.validate.metrics[0].is_key_metric);
    const two = editConfig('train-4.0', (json) => (json.validate.metrics[1].is_key_metric = true));
    expect(faultsOf(resolveTrainConfig(none))).toEqual([
      'train-4.0.json: validate.metrics: No metric is the key metric. Allowed: exactly one metric with "is_key_metric": true.',
    ]);
    expect(faultsOf(resolveTrainConfig(two))[0]).toMatch(/validate\.metrics: 2 metrics are the key metric/);
  });
});

describe('a 3.x config', () => {
  it('can be read', () => {
    const config = unwrap(readTrainConfig(loadConfig('train-3.x')));
    expect(config.dialect).toBe('3.x');
    expect(config.determinism).toEqual({ randomSeed: 123456 });
    expect(Object.keys(config.train)).not.toContain('__model');
    expect(names(config, 'validate', 'pre_transforms')).toEqual([
      'LoadNifti',
      'ConvertToChannelsFirst',
      'ScaleByResolution',
      'ScaleByResolution',
      'ScaleIntensityRange',
    ]);
    const [, , image, label] = componentsOf(config.validate, 'pre_transforms');
    expect([image?.alias, label?.alias]).toEqual(['ScaleImg', 'ScaleLb']);
    expect(label?.args.fields).toEqual(['label']);
  });

  it('is refused for training, with what to do', () => {
    expect(resolveTrainConfig(loadConfig('train-3.x'))).toMatchObject({
      ok: false,
      faults: [{ code: 'unsupported-dialect', message: expect.stringContaining('outerloop mmar new') }],
    });
  });
});

describe('detectDialect', () => {
  it.each([
    [{ train: { model: { name: 'UNet' } } }, '4.0'],
    [{ CLARA_TRAIN_VERSION: '4.1.0', train: {} }, '4.1'],
    [{ train: { dataset: { args: { transform: '@pre_transforms' } } } }, '4.1'],
    [{ train: { model: { search: [{ args: ['@disabled'] }] } } }, '4.0'],
    [{ train: { lr_policy: {} } }, '3.x'],
    [{ train: { pre_transforms: [{ name: 'X', args: { fields: 'image' } }] } }, '3.x'],
    [{ use_amp: true, train: {} }, '3.x'],
  ] as const)('%j is %s', (config, dialect) => {
    expect(detectDialect(config)).toBe(dialect);
  });
});

describe('alternatives', () => {
  const withLosses = (...disabled: readonly (boolean | string)[]) =>
    editConfig('train-4.1', (json) => {
      json.first_off = true;
      json.train.loss = disabled.map((off, index) => ({
        ...json.train.loss,
        name: ['DiceLoss', 'FocalLoss'][index],
        disabled: off,
      }));
    });

  it('gives the enabled one', () => {
    expect(
      componentOf(unwrap(resolveTrainConfig(withLosses('{first_off}', false))).train, 'loss')?.name,
    ).toBe('FocalLoss');
  });

  it('refuses none and several', () => {
    expect(resolveTrainConfig(withLosses(true, true))).toMatchObject({
      faults: [{ code: 'no-alternative-enabled', path: ['train', 'loss'], file: 'train-4.1.json' }],
    });
    expect(faultsOf(resolveTrainConfig(withLosses(false, false)))).toEqual([
      'train-4.1.json: train.loss: Several alternatives of "loss" are enabled: DiceLoss, FocalLoss. Allowed: exactly one without "disabled": true.',
    ]);
  });

  it('takes only true for disabled', () => {
    const config = editConfig('train-4.1', (json) => (json.train.loss.disabled = null));
    expect(componentOf(unwrap(resolveTrainConfig(config)).train, 'loss')?.name).toBe('DiceLoss');
  });
});

describe('refs', () => {
  it('drop out with the component that they name', () => {
    const source = editConfig('train-4.1', (json) => (json.train.pre_transforms[2].disabled = true));
    expect(names(unwrap(resolveTrainConfig(source)), 'validate', 'pre_transforms')).not.toContain('Spacingd');
  });

  it('name the nearest when there is no such component', () => {
    const result = breakTrain((json) => (json.validate.pre_transforms[2].ref = 'Spacing'));
    expect(faultsOf(result)).toEqual([
      'train-4.1.json: validate.pre_transforms[2].ref: The train section has no component "Spacing". Did you mean Spacingd?',
    ]);
  });

  it('want an alias where the class occurs twice', () => {
    const twice = (name: string, ref: string) => (json: EditableConfig) => {
      json.train.pre_transforms.push({ ...json.train.pre_transforms[2], name });
      json.validate.pre_transforms[2].ref = ref;
    };
    expect(faultsOf(breakTrain(twice('Spacingd', 'Spacingd')))[0]).toMatch(
      /"Spacingd" stands 2 times .* "Spacingd#alias"/,
    );
    expect(breakTrain(twice('Spacingd#second', 'second'))).toMatchObject({ ok: true });
  });

  it('hold nothing else', () => {
    const result = breakTrain((json) => (json.validate.pre_transforms[0].args = {}));
    expect(faultsOf(result)[0]).toMatch(/validate\.pre_transforms\[0\]\.args: There is no "args" here/);
  });
});

describe('faults', () => {
  it('are all collected, each with its place', () => {
    const result = breakTrain((json) => {
      json.train.optimizer.args.lr = '{learning_rat}';
      json.train.key_metric.args.output_transform = 'lambda x: x[0]';
      json.train.loss = [];
      json.amp = 'perhaps';
      json.validate.handlers[0] = 7;
      json.validate.evaluator.args = 3;
    });
    expect(faultsOf(result).map((text) => text.split(' Allowed')[0])).toEqual([
      'train-4.1.json: train.optimizer.args.lr: Adam.lr: The variable {learning_rat} is not set. Did you mean learning_rate?',
      'train-4.1.json: train.loss: No alternative of "loss" is enabled.',
      'train-4.1.json: train.key_metric.args.output_transform: Accuracy.output_transform: The Python expression "lambda x: x[0]" is not supported (expressions are recognised, never run).',
      'train-4.1.json: validate.handlers[0]: This is no component.',
      'train-4.1.json: validate.evaluator.args: SupervisedEvaluator.args: 3 does not fit.',
      'train-4.1.json: amp: "perhaps" does not fit.',
    ]);
  });

  it('leave disabled parts and parts that are renamed with _ alone', () => {
    const result = breakTrain((json) => {
      json.train.handlers[0].args.load_path = '{nowhere}';
      json.train.__loss = { name: 'X', args: { a: '{nowhere}' } };
      json.train.lr_scheduler.___search = ['{nowhere}'];
    });
    expect(faultsOf(result)).toEqual([]);
  });

  it('say what a broken document lacks', () => {
    expect(faultsOf(resolveTrainConfig({ ...loadConfig('train-4.1'), config: '{"train": {' }))).toEqual([
      'train-4.1.json:1:12: Expected a key in double quotes, found the end of the file (opened in line 1).',
    ]);
    expect(faultsOf(resolveTrainConfig(sourceOf({ epochs: 3 })))).toEqual([
      'config.json: train: The key "train" is missing. Allowed: an object.',
    ]);
    expect(
      faultsOf(resolveTrainConfig(sourceOf({ epochs: -3, train: {}, CLARA_TRAIN_VERSION: '4.1.0' })))[0],
    ).toMatch(/^config\.json: epochs: -3 does not fit\. Allowed: more than 0/);
  });

  it('name a component without a class', () => {
    expect(faultsOf(breakTrain((json) => (json.train.model = { args: {} })))).toEqual([
      'train-4.1.json: train.model: The component has no class. Allowed: "name" or "path".',
    ]);
  });
});

describe('names of components', () => {
  const modelOf = (model: object) =>
    componentOf(unwrap(breakTrain((json) => (json.train.model = model))).train, 'model');

  it('may be paths to user code, which win over the name', () => {
    expect(modelOf({ path: 'myNetworkArch.MyBasicUNet', args: {} })).toMatchObject({
      name: 'MyBasicUNet',
      path: 'myNetworkArch.MyBasicUNet',
    });
    expect(modelOf({ name: 'mine', path: 'pkg.mod.Net' })).toMatchObject({
      name: 'mine',
      path: 'pkg.mod.Net',
    });
  });

  it('may be full names of the framework', () => {
    expect(modelOf({ path: 'monai.networks.nets.unet.UNet' })).toMatchObject({ name: 'UNet' });
    expect(modelOf({ path: 'monai.networks.nets.unet.UNet' })).not.toHaveProperty('path');
    expect(modelOf({ name: 'monai.networks.nets.UNet' })).toMatchObject({ name: 'UNet' });
  });

  it('nest: an argument with name and args is a component, other objects are not', () => {
    expect(
      modelOf({ name: 'UNet', args: { a: { name: 'X', args: { b: '@loss' } }, c: { name: 'Y', d: 1 } } })
        ?.args,
    ).toEqual({
      a: expect.objectContaining({ kind: 'component', name: 'X', at: ['train', 'model', 'args', 'a'] }),
      c: { name: 'Y', d: 1 },
    });
  });

  it('@ may name a variable where no slot has the name', () => {
    expect(modelOf({ name: 'UNet', args: { dropout: '@learning_rate' } })?.args).toEqual({ dropout: 0.0002 });
  });
});

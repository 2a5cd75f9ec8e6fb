import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../common/fault.ts';
import { diagonalAffine } from '../../../common/imaging/affine.ts';
import { encodeNifti } from '../../../common/imaging/nifti-encode.ts';
import type { JsonObject } from '../../../common/json.ts';
import type { DeviceMemory } from '../../../trainer/device-memory.ts';
import {
  drawCase,
  makePhantomMmar,
  type Mutable,
  type PhantomMmar,
  type PhantomOptions,
  type TrainConfig,
} from './phantom-mmar.ts';
import { messagesOf, readTrainStats, runProgram } from './run-program.ts';

const mmars: PhantomMmar[] = [];
afterEach(() => mmars.splice(0).forEach((mmar) => mmar.remove()));
function make(options?: PhantomOptions): PhantomMmar {
  const mmar = makePhantomMmar(options);
  mmars.push(mmar);
  return mmar;
}

/** The faults of a training that fails; that they are in the log and in train_stats.json too, without places, is checked. */
async function faultsOf(mmar: PhantomMmar, ...words: string[]): Promise<readonly Fault[]> {
  const result = await runProgram(mmar.root, ['train', ...words]);
  const [finished] = messagesOf(result, 'finished');
  expect(finished).toMatchObject({ status: 'failed', bestMetric: -1_000_000 });
  expect(result.exitCode).toBe(1);
  const stats = readTrainStats(mmar.root);
  expect(stats).toMatchObject({ status: 'failed', reason: finished.reason, best_metric: -1_000_000 });
  expect(result.lines.at(-1)).toBe(`Training failed: ${finished.reason}`);
  expect(JSON.stringify(result.messages)).not.toContain(mmar.root);
  return finished.faults ?? [];
}

const withConfig = (change: (config: TrainConfig) => unknown): PhantomMmar =>
  make({
    config(config) {
      change(config);
      return config;
    },
  });

describe('too little memory', () => {
  const huge = (change: (config: TrainConfig) => unknown = () => undefined): PhantomMmar =>
    withConfig((config) => {
      const transforms = config.train.pre_transforms as { name: string; args: Mutable }[];
      const spatial_size = [1024, 1024, 1024];
      const keys = ['image', 'label'];
      const crop = transforms.findIndex(({ name }) => name.startsWith('Rand'));
      transforms.splice(crop === -1 ? transforms.length : crop, 0, {
        name: 'SpatialPadd',
        args: { keys, spatial_size },
      });
      const own = transforms.find(({ name }) => name === 'RandCropByPosNegLabeld');
      if (own !== undefined) own.args.spatial_size = spatial_size;
      change(config);
    });
  const GIB = 2 ** 30;
  const machine = { owner: 'the machine', totalBytes: 16 * GIB, freeBytes: 8 * GIB };
  const train = async (mmar: PhantomMmar, memory: DeviceMemory) =>
    runProgram(mmar.root, ['train'], { memory });

  it('for a patch is said before an image is read, with the transform that makes it', async () => {
    const result = await train(huge(), machine);
    const [{ faults = [], status }] = messagesOf(result, 'finished');
    expect(status).toBe('failed');
    expect(faults).toMatchObject([
      {
        code: 'too-little-memory',
        file: 'config/config_train.json',
        argument: 'spatial_size',
        message: expect.stringMatching(/1024 x 1024 x 1024 voxels needs at least [\d.]+ GiB .* 16.0 GiB/),
        allowed: expect.stringMatching(/patches of up to about \d+ voxels/),
      },
    ]);
    expect(result.lines.join()).not.toContain('First batch');
  });

  it('for a batch names batch_size and one that fits', async () => {
    const result = await train(
      huge(({ train }) => (train.dataloader.args.batch_size = 64)),
      { owner: 'the GPU', totalBytes: 2000 * GIB },
    );
    expect(messagesOf(result, 'finished')[0].faults).toMatchObject([
      {
        code: 'too-little-memory',
        component: 'DataLoader',
        argument: 'batch_size',
        allowed: expect.stringMatching(/^up to about \d+$/),
      },
    ]);
  });

  it('that is free is a warning', async () => {
    const result = await train(make(), { owner: 'the machine', totalBytes: GIB, freeBytes: GIB / 32 });
    expect(result.exitCode).toBe(0);
    expect(result.lines.join('\n')).toMatch(/A step needs about .* and the machine has 0.0 GiB free/);
  });
});

describe('bad configs', () => {
  it('names an unknown component, its place and the nearest name', async () => {
    const mmar = withConfig(({ train }) => (train.loss.name = 'DiceLos'));
    expect(await faultsOf(mmar)).toMatchObject([
      {
        code: 'unknown-component',
        file: 'config/config_train.json',
        path: ['train', 'loss', 'name'],
        component: 'DiceLos',
        message: expect.stringContaining('DiceLoss'),
      },
    ]);
  });

  it('reports every wrong argument at once', async () => {
    const mmar = withConfig(({ train }) => {
      train.loss.args = { softmaxx: true };
      train.dataloader.args.batch_size = 0;
    });
    expect((await faultsOf(mmar)).map(({ code, path }) => [code, path?.join('.')])).toEqual([
      ['unknown-argument', 'train.loss.args.softmaxx'],
      ['wrong-argument', 'train.dataloader.args.batch_size'],
    ]);
  });

  it('refuses broken JSON', async () => {
    const mmar = make();
    mmar.write('config/config_train.json', '{"epochs": 3,,}');
    expect(await faultsOf(mmar)).toMatchObject([{ code: 'json-syntax', file: 'config/config_train.json' }]);
  });

  it('refuses a validation that would never come, before it trains', async () => {
    expect(await faultsOf(make(), '--set', 'num_interval_per_valid=4')).toMatchObject([
      {
        code: 'validation-never-runs',
        file: 'config/config_train.json',
        path: ['train', 'handlers', 1, 'args', 'interval'],
        component: 'ValidationHandler',
        allowed: '1 to 3',
      },
    ]);
  });

  it('refuses a reference to a component of another kind', async () => {
    const mmar = withConfig(({ train }) => {
      train.trainer.args = { ...train.trainer.args, inferer: '@loss' };
    });
    expect(await faultsOf(mmar)).toMatchObject([
      { code: 'wrong-argument', path: ['train', 'trainer', 'args', 'inferer'], allowed: '@inferer' },
    ]);
  });

  it('refuses windows in training steps', async () => {
    const mmar = withConfig(({ train, validate }) => Object.assign(train.inferer, validate.inferer));
    expect(await faultsOf(mmar)).toMatchObject([
      { code: 'wrong-argument', argument: 'inferer', allowed: /SimpleInferer/ },
    ]);
  });

  it('refuses two metrics of one name', async () => {
    const mmar = withConfig(({ validate }) => (validate.additional_metrics[0] = validate.key_metric));
    expect(await faultsOf(mmar)).toMatchObject([
      { code: 'wrong-argument', message: 'Two metrics have the log_label "val_mean_dice".' },
    ]);
  });

  it('refuses to save what is not there', async () => {
    const mmar = withConfig(({ validate }) => {
      const saver = validate.handlers[0] as { args: { save_dict: JsonObject } };
      saver.args.save_dict = { model: '@dataset' };
    });
    expect(await faultsOf(mmar)).toMatchObject([
      {
        code: 'wrong-argument',
        component: 'CheckpointSaver',
        argument: 'save_dict',
        allowed: '@model, @optimizer, @lr_scheduler, @conf',
      },
    ]);
  });
});

describe('bad data', () => {
  it('names an image that is missing', async () => {
    const mmar = make();
    mmar.write('data/dataset.json', {
      training: [{ image: 'none.nii', label: 'case_0_label.nii' }],
      validation: [],
    });
    const faults = await faultsOf(mmar);
    expect(faults).toMatchObject([{ code: 'data-list-empty', file: 'dataset.json', path: ['validation'] }]);
    mmar.write('data/dataset.json', {
      training: [{ image: 'none.nii', label: 'case_0_label.nii' }],
      validation: [{ image: 'case_1.nii', label: 'case_1_label.nii' }],
    });
    expect(await faultsOf(mmar)).toMatchObject([{ code: 'image-missing', file: 'none.nii' }]);
  });

  it('names a list that is not in the data list', async () => {
    const mmar = withConfig(({ train }) => (train.dataset.data_list_key = 'trainig'));
    expect(await faultsOf(mmar)).toMatchObject([
      { code: 'data-list', message: expect.stringContaining('training') },
    ]);
  });

  it.each([
    ['image-truncated', (bytes: Buffer) => bytes.subarray(0, bytes.length - 10)],
    ['image-unreadable', () => Buffer.from('no image at all')],
  ] as const)('%s', async (code, damage) => {
    const mmar = make();
    for (const index of [0, 1, 2]) {
      mmar.write(`data/case_${index}.nii`, damage(readFileSync(join(mmar.root, `data/case_${index}.nii`))));
    }
    const [fault] = await faultsOf(mmar);
    expect(fault).toMatchObject({ code, file: expect.stringMatching(/^case_\d\.nii$/) });
  });

  it('refuses a patch that is larger than the volume', async () => {
    const mmar = withConfig(({ train }) => {
      const crop = train.pre_transforms[2] as { args: JsonObject };
      crop.args = { ...crop.args, spatial_size: [16, 8, 8] };
    });
    expect(await faultsOf(mmar)).toMatchObject([
      { code: 'patch-too-large', component: 'RandCropByPosNegLabeld' },
    ]);
  });

  it('refuses sizes that the network cannot halve', async () => {
    const mmar = withConfig(({ train }) => {
      const crop = train.pre_transforms[2] as { args: JsonObject };
      crop.args = { ...crop.args, spatial_size: [7, 8, 8] };
    });
    expect(await faultsOf(mmar)).toMatchObject([
      { code: 'size-not-divisible', component: 'UNet', allowed: 'multiples of 2 x 2 x 2' },
    ]);
  });
});

describe('what the machine refuses', () => {
  it('says that the folder for models cannot be written', async () => {
    const mmar = make();
    mmar.write('models', 'a file');
    const result = await runProgram(mmar.root, ['train']);
    expect(result.exitCode).toBe(1);
    expect(messagesOf(result, 'finished')[0].faults).toMatchObject([
      {
        code: 'file-unwritable',
        file: expect.stringMatching(/^models/),
        message: 'A file stands where a folder is needed.',
      },
    ]);
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full, in the middle of a training', async () => {
    const mmar = make();
    mmar.write('models/readme.txt', '');
    symlinkSync('/dev/full', join(mmar.root, 'models/model.pt.draft'));
    const result = await runProgram(mmar.root, ['train']);
    expect(result.exitCode).toBe(1);
    expect(messagesOf(result, 'finished')).toMatchObject([
      {
        status: 'failed',
        faults: [{ code: 'disk-full', file: 'models/model.pt', message: 'The disk is full.' }],
      },
    ]);
    expect(readTrainStats(mmar.root)).toMatchObject({
      status: 'failed',
      reason: 'models/model.pt: The disk is full.',
    });
  });

  it('a training that diverges ends as such and keeps what it had', async () => {
    const mmar = make();
    await runProgram(mmar.root, ['train', '--set', 'epochs=1']);
    const before = ['model.pt', 'final_model.pt', 'model.onnx'].map((name) =>
      readFileSync(join(mmar.root, 'models', name)),
    );
    const result = await runProgram(mmar.root, ['train', '--set', 'learning_rate=1e38']);
    expect(result.exitCode).toBe(4);
    expect(messagesOf(result, 'finished')).toMatchObject([
      { status: 'diverged', faults: [{ code: 'diverged' }] },
    ]);
    expect(readTrainStats(mmar.root)).toMatchObject({
      status: 'diverged',
      reason: expect.stringMatching(/^The loss became .* in epoch 1, iteration 2/),
    });
    const after = ['model.pt', 'final_model.pt', 'model.onnx'].map((name) =>
      readFileSync(join(mmar.root, 'models', name)),
    );
    expect(after.every((bytes, index) => bytes.equals(before[index]))).toBe(true);
  });
});

describe('before its first step a training finds', () => {
  it.each([
    [
      'a window of the validation that the network cannot halve',
      ({ validate }: TrainConfig) => (validate.inferer.args = { roi_size: [7, 7, 7] }),
      'size-not-divisible',
    ],
    [
      'a metric that has nothing to compare',
      ({ validate }: TrainConfig) => (validate.post_transforms = []),
      'wrong-argument',
    ],
  ] as const)('%s', async (_what, change, code) => {
    const mmar = withConfig(change);
    const result = await runProgram(mmar.root, ['train']);
    expect(messagesOf(result, 'finished')[0]?.faults).toMatchObject([{ code }]);
    expect(messagesOf(result, 'iteration')).toEqual([]);
    expect(readTrainStats(mmar.root)).toMatchObject({ status: 'failed', epochs: 0 });
  });
});

describe('--check', () => {
  it('tries everything and leaves nothing behind', async () => {
    const mmar = make();
    const result = await runProgram(mmar.root, ['train', '--check']);
    expect(result.exitCode, result.lines.join('\n')).toBe(0);
    expect(result.lines).toContainEqual(
      expect.stringMatching(/^First batch: images \[2, 1, 8, 8, 8\], loss 0\.\d+$/),
    );
    expect(result.lines).toContainEqual(
      expect.stringMatching(/^First validation case: image \[1, 1, 12, 10, 8\]/),
    );
    expect(existsSync(join(mmar.root, 'models/train_stats.json'))).toBe(false);
  });

  it('finds a checkpoint that is missing, and a validation case whose label has no image', async () => {
    const mmar = withConfig(({ train }) =>
      train.handlers.unshift({
        name: 'CheckpointLoader',
        args: { load_path: '{MMAR_CKPT}', load_dict: { model: '@model' } },
      }),
    );
    const result = await runProgram(mmar.root, ['train', '--check']);
    expect(messagesOf(result, 'finished')[0].faults).toMatchObject([
      { code: 'file-missing', file: 'models/model.pt' },
    ]);
    const other = make();
    other.write('data/dataset.json', {
      training: [{ image: 'case_0.nii', label: 'case_0_label.nii' }],
      validation: [{ image: 'case_3.nii', label: 'gone.nii' }],
    });
    const second = await runProgram(other.root, ['train', '--check']);
    expect(messagesOf(second, 'finished')[0].faults).toMatchObject([
      { code: 'image-missing', file: 'gone.nii' },
    ]);
  });
});

describe('configs whose parts do not fit together', () => {
  const file = 'config/config_train.json';

  it('says which metric has nothing to compare', async () => {
    const mmar = withConfig(({ validate }) => validate.post_transforms.splice(1));
    expect(await faultsOf(mmar)).toMatchObject([
      {
        code: 'wrong-argument',
        file,
        path: ['validate', 'key_metric', 'args', 'output_transform'],
        component: 'MeanDice',
        message: expect.stringContaining('not [2, 12, 10, 8] with [1, 12, 10, 8]'),
      },
    ]);
  });

  it('says which loss got a label of the wrong form', async () => {
    const mmar = withConfig(({ train }) => (train.loss.args = { softmax: true }));
    expect(await faultsOf(mmar)).toMatchObject([
      {
        code: 'wrong-argument',
        file,
        path: ['train', 'loss', 'args', 'to_onehot_y'],
        component: 'DiceLoss',
      },
    ]);
  });

  it('says which window has too few axes', async () => {
    const mmar = withConfig(({ validate }) => (validate.inferer.args = { roi_size: [8, 8] }));
    expect(await faultsOf(mmar)).toMatchObject([
      {
        code: 'wrong-argument',
        file,
        path: ['validate', 'inferer', 'args', 'roi_size'],
        component: 'SlidingWindowInferer',
      },
    ]);
  });

  it('refuses a label with more classes than the network has', async () => {
    const mmar = make();
    const values = Float32Array.from(drawCase(0).label, (value) => value * 2);
    const affine = diagonalAffine([1, 1, 1], [0, 0, 0]);
    const label = encodeNifti({ values, shape: [12, 10, 8], affine, voxelType: 'uint8' });
    mmar.write('data/case_0_label.nii', label);
    expect(await faultsOf(mmar)).toMatchObject([
      {
        code: 'label-values',
        file: 'data/case_0_label.nii',
        message: 'The label has the value 2, but the network has 2 classes.',
        allowed: '0 to 1, or more out_channels of the network',
      },
    ]);
  });
});

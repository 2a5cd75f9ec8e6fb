import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../common/json.ts';
import { readImage } from '../../../trainer/data/read-image.ts';
import { makePhantomMmar, type PhantomMmar } from './phantom-mmar.ts';
import { messagesOf, readTrainStats, runProgram } from './run-program.ts';

let mmar: PhantomMmar;
beforeAll(async () => {
  mmar = makePhantomMmar();
  const { exitCode } = await runProgram(mmar.root, ['train', '--set', 'epochs=2']);
  expect(exitCode).toBe(0);
});
afterAll(() => mmar.remove());

/** The flat form of the train config's validation, with the trained model. */
function evaluationConfig(changes: JsonObject): JsonObject {
  const { validate } = JSON.parse(readFileSync(join(mmar.root, 'config/config_train.json'), 'utf8')) as {
    validate: JsonObject;
  };
  const keys = { keys: ['image', 'label'] };
  return {
    ...validate,
    pre_transforms: [
      { name: 'LoadImaged', args: keys },
      { name: 'EnsureChannelFirstd', args: keys },
      { name: 'ToTensord', args: keys },
    ],
    model: [
      { ts_path: '{MMAR_TORCHSCRIPT}', disabled: '{dont_load_ts_model}' },
      { ckpt_path: '{MMAR_CKPT}', disabled: '{dont_load_ckpt_model}' },
    ],
    ...changes,
  };
}
const withCheckpoint = ['--set', 'dont_load_ts_model=True', 'dont_load_ckpt_model=False'];

describe('evaluate', () => {
  it('finds the score that the best model had in its training, and writes it case by case', async () => {
    const metricsSaver = {
      name: 'MetricsSaver',
      args: {
        save_dir: '{MMAR_EVAL_OUTPUT_PATH}',
        metrics: ['val_mean_dice', 'val_acc'],
        metric_details: ['val_mean_dice'],
        batch_transform: "lambda x: x['image_meta_dict']",
        summary_ops: ['mean', 'notnans'],
      },
    };
    mmar.write('config/config_validation.json', evaluationConfig({ handlers: [metricsSaver] }));
    const result = await runProgram(mmar.root, ['evaluate', ...withCheckpoint]);
    expect(result.exitCode, result.lines.join('\n')).toBe(0);
    expect(result.lines.at(-1)).toMatch(/Evaluation completed: \d+ batches; written to eval$/);
    const { best_metric: best } = readTrainStats(mmar.root);
    expect(messagesOf(result, 'finished')).toEqual([
      { type: 'finished', status: 'completed', bestMetric: best },
    ]);
    const report = (name: string): string[] =>
      readFileSync(join(mmar.root, 'eval', name), 'utf8')
        .trim()
        .split('\n');
    expect(report('metrics.csv')[0]).toBe(`val_mean_dice,${best}`);
    const raw = report('val_mean_dice_raw.csv').map((row) => row.split(','));
    expect(raw[0]).toEqual(['filename', 'class1', 'mean']);
    expect(raw.slice(1).map(([name]) => name)).toEqual(['case_3.nii', 'case_4.nii']);
    const mean = (Number(raw[1][1]) + Number(raw[2][1])) / 2;
    expect(mean).toBeCloseTo(best, 3);
    expect(report('val_mean_dice_summary.csv')).toEqual([
      'class,mean,notnans',
      `class1,${best.toFixed(4)},2.0000`,
      `mean,${best.toFixed(4)},2.0000`,
    ]);
  });

  it('writes predictions on the grid of their files', async () => {
    const image = { keys: ['image'] };
    const spacing = { name: 'Spacingd', args: { keys: ['image'], pixdim: [1.5, 1.25, 1], mode: 'bilinear' } };
    const {
      key_metric: _,
      additional_metrics: __,
      ...config
    } = evaluationConfig({
      pre_transforms: [
        { name: 'LoadImaged', args: image },
        { name: 'EnsureChannelFirstd', args: image },
        spacing,
      ],
      post_transforms: [
        { name: 'Activationsd', args: { keys: 'pred', softmax: true } },
        {
          name: 'Invertd',
          args: {
            keys: 'pred',
            transform: '@pre_transforms',
            orig_keys: 'image',
            meta_keys: 'pred_meta_dict',
            nearest_interp: false,
          },
        },
        { name: 'AsDiscreted', args: { keys: 'pred', argmax: true } },
        {
          name: 'SaveImaged',
          args: {
            keys: 'pred',
            meta_keys: 'pred_meta_dict',
            output_dir: '{MMAR_EVAL_OUTPUT_PATH}',
            resample: false,
          },
        },
      ],
      handlers: [],
    });
    const evaluator = {
      name: 'SupervisedEvaluator',
      args: {
        val_data_loader: '@dataloader',
        network: '@model',
        inferer: '@inferer',
        postprocessing: '@post_transforms',
      },
    };
    const dataset = { ...(config.dataset as JsonObject), data_list_key: 'test' };
    mmar.write('config/config_inference.json', { ...config, evaluator, dataset });
    const result = await runProgram(mmar.root, [
      'evaluate',
      '-c',
      'config/config_inference.json',
      ...withCheckpoint,
    ]);
    expect(result.exitCode, result.lines.join('\n')).toBe(0);
    expect(readdirSync(join(mmar.root, 'eval')).filter((name) => name.startsWith('case'))).toEqual([
      'case_3',
      'case_4',
    ]);
    const { shape, data } = readImage(join(mmar.root, 'eval/case_3/case_3_trans.nii.gz')).voxels;
    expect(shape.slice(0, 3)).toEqual([12, 10, 8]);
    expect(new Set(data)).toEqual(new Set([0, 1]));
  });

  it('says that TorchScript cannot be run', async () => {
    mmar.write('config/config_validation.json', evaluationConfig({}));
    const result = await runProgram(mmar.root, ['evaluate', '--set', 'dont_load_ckpt_model=True']);
    expect(result.exitCode).toBe(1);
    expect(messagesOf(result, 'finished')[0].faults).toMatchObject([
      { code: 'checkpoint', path: ['model', 0, 'ts_path'] },
    ]);
  });

  it('refuses weights of another network', async () => {
    const { train } = JSON.parse(readFileSync(join(mmar.root, 'config/config_train.json'), 'utf8')) as {
      train: { model: JsonObject };
    };
    const model = { ...train.model, args: { ...(train.model.args as JsonObject), channels: [8, 16] } };
    mmar.write(
      'config/config_validation.json',
      evaluationConfig({
        model,
        handlers: [
          { name: 'CheckpointLoader', args: { load_path: '{MMAR_CKPT}', load_dict: { model: '@model' } } },
        ],
      }),
    );
    const result = await runProgram(mmar.root, ['evaluate']);
    expect(messagesOf(result, 'finished')[0].faults).toMatchObject([
      {
        code: 'checkpoint',
        file: 'models/model.pt',
        message: expect.stringContaining('has the shape [4, 1, 3, 3, 3]'),
        allowed: expect.stringContaining('[8, 1, 3, 3, 3]'),
      },
    ]);
  });

  it('refuses handlers that need a training', async () => {
    const handlers = [{ name: 'LrScheduleHandler', args: { lr_scheduler: '@inferer' } }];
    mmar.write('config/config_validation.json', evaluationConfig({ handlers }));
    const result = await runProgram(mmar.root, ['evaluate', ...withCheckpoint]);
    expect(result.exitCode).toBe(1);
    expect(messagesOf(result, 'finished')[0].faults).toMatchObject([
      { code: 'wrong-argument', component: 'LrScheduleHandler' },
    ]);
  });
});

describe('export', () => {
  it('writes the model that the training wrote', async () => {
    const result = await runProgram(mmar.root, ['export', '--output_path', 'models/again.onnx']);
    expect(result.exitCode, result.lines.join('\n')).toBe(0);
    const [again, first] = ['again.onnx', 'model.onnx'].map((name) =>
      readFileSync(join(mmar.root, 'models', name)),
    );
    expect(again.equals(first)).toBe(true);
  });

  it('names a checkpoint that is missing or damaged', async () => {
    const missing = await runProgram(mmar.root, ['export', '--model_path', 'models/none.pt']);
    expect(messagesOf(missing, 'finished')[0].faults).toMatchObject([
      { code: 'file-missing', file: 'models/none.pt' },
    ]);
    mmar.write('models/damaged.pt', readFileSync(join(mmar.root, 'models/model.pt')).subarray(0, 5000));
    const damaged = await runProgram(mmar.root, ['export', '--model_path', 'models/damaged.pt']);
    expect(messagesOf(damaged, 'finished')[0].faults).toMatchObject([
      { code: 'checkpoint', file: 'models/damaged.pt' },
    ]);
    expect(existsSync(join(mmar.root, 'models/none.onnx'))).toBe(false);
  });
});

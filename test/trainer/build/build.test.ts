import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../common/json.ts';
import { readTorchFile } from '../../../trainer/checkpoint/torch-file.ts';
import type { TorchTensor, TorchValue } from '../../../trainer/checkpoint/torch-value.ts';
import { makePhantomMmar, type PhantomMmar, type PhantomOptions } from '../program/phantom-mmar.ts';
import { messagesOf, readTrainStats, runProgram } from '../program/run-program.ts';

const mmars: PhantomMmar[] = [];
afterEach(() => mmars.splice(0).forEach((mmar) => mmar.remove()));
async function trainWith(config: PhantomOptions['config'], ...words: string[]) {
  const mmar = makePhantomMmar({ ...(config && { config }) });
  mmars.push(mmar);
  const result = await runProgram(mmar.root, ['train', '--set', 'epochs=1', ...words]);
  expect(result.exitCode, result.lines.join('\n')).toBe(0);
  return { mmar, result };
}
const checkpoint = ({ root }: PhantomMmar, name: string) =>
  readTorchFile(readFileSync(join(root, 'models', name))) as Map<string, TorchValue>;

describe('what a config leaves out', () => {
  it('keeps best and final model with savers of its own', async () => {
    const { mmar } = await trainWith((config) => {
      config.train.handlers = config.train.handlers.slice(0, 2);
      config.validate.handlers = [];
      return config;
    });
    for (const name of ['model.pt', 'final_model.pt']) {
      expect([...checkpoint(mmar, name).keys()]).toEqual(['model', 'train_conf']);
    }
  });

  it('trains without a validation: the last model is the best that there is', async () => {
    const { mmar, result } = await trainWith(({ validate: _, ...config }) => {
      config.train.handlers = [];
      return config;
    });
    expect(readTrainStats(mmar.root)).toMatchObject({
      status: 'completed',
      best_metric: -1_000_000,
      validation: [],
    });
    expect(messagesOf(result, 'finished')[0].bestMetric).toBe(-1_000_000);
    expect(existsSync(join(mmar.root, 'models/model.onnx'))).toBe(true);
    expect(existsSync(join(mmar.root, 'models/model.pt'))).toBe(false);
  });

  it('needs no metric for training, and then makes no predictions', async () => {
    const { mmar } = await trainWith((config) => {
      delete config.train.trainer.args.key_train_metric;
      return config;
    });
    expect(readTrainStats(mmar.root).train[0].metrics).toBeUndefined();
  });

  it('validates without a key metric, which then has no best', async () => {
    const { mmar } = await trainWith((config) => {
      delete config.validate.evaluator.args.key_val_metric;
      config.validate.handlers = [];
      return config;
    });
    const stats = readTrainStats(mmar.root);
    expect(stats).toMatchObject({
      best_metric: -1_000_000,
      validation: [{ metrics: { val_acc: expect.any(Number) } }],
    });
    expect(stats.key_metric).toBeUndefined();
  });
});

describe('dialects', () => {
  it('trains a config of Clara 4.0, whose parts find each other by themselves', async () => {
    const { mmar } = await trainWith(
      ({ CLARA_TRAIN_VERSION: _, ...config }: JsonObject & ReturnType<typeof Object>) => {
        const { train, validate } = config as unknown as Parameters<NonNullable<PhantomOptions['config']>>[0];
        const pair = "lambda x: (x['pred'], x['label'])";
        const without = (component: JsonObject, ...names: string[]): JsonObject => ({
          ...component,
          args: Object.fromEntries(
            Object.entries((component.args ?? {}) as JsonObject).filter(([name]) => !names.includes(name)),
          ),
        });
        return {
          ...config,
          train: {
            ...train,
            optimizer: without(train.optimizer, 'params'),
            lr_scheduler: without(train.lr_scheduler, 'optimizer'),
            dataset: without(train.dataset, 'transform'),
            dataloader: without(train.dataloader, 'dataset'),
            handlers: [
              { name: 'LrScheduleHandler', args: {} },
              { name: 'ValidationHandler', args: { epoch_level: true, interval: 1 } },
              {
                name: 'CheckpointSaver',
                args: {
                  save_dir: '{MMAR_CKPT_DIR}',
                  save_dict: ['model', 'optimizer', 'lr_scheduler'],
                  save_final: true,
                  save_interval: 1,
                },
              },
              {
                name: 'StatsHandler',
                args: { tag_name: 'train_loss', output_transform: "lambda x: x['loss']" },
              },
            ],
            key_metric: undefined,
            metrics: [
              {
                name: 'Accuracy',
                log_label: 'train_acc',
                is_key_metric: true,
                args: { output_transform: pair },
              },
            ],
            trainer: { name: 'SupervisedTrainer', args: { max_epochs: '{epochs}' } },
          },
          validate: {
            ...validate,
            dataset: without(validate.dataset, 'transform'),
            dataloader: without(validate.dataloader, 'dataset'),
            handlers: [
              {
                name: 'CheckpointSaver',
                args: {
                  save_dir: '{MMAR_CKPT_DIR}',
                  save_dict: ['model', 'train_conf'],
                  save_key_metric: true,
                },
              },
            ],
            post_transforms: [
              { name: 'Activationsd', args: { keys: 'pred', softmax: true } },
              {
                name: 'AsDiscreted',
                args: { keys: ['pred', 'label'], argmax: [true, false], to_onehot: true, n_classes: 2 },
              },
            ],
            key_metric: undefined,
            additional_metrics: undefined,
            metrics: [
              {
                name: 'MeanDice',
                log_label: 'val_mean_dice',
                is_key_metric: true,
                args: { include_background: false, output_transform: pair },
              },
            ],
            evaluator: { name: 'SupervisedEvaluator', args: {} },
          },
        };
      },
    );
    expect([...checkpoint(mmar, 'model.pt').keys()]).toEqual(['model', 'train_conf']);
    expect([...checkpoint(mmar, 'checkpoint_epoch=1.pt').keys()]).toEqual([
      'model',
      'optimizer',
      'lr_scheduler',
    ]);
    expect(readTrainStats(mmar.root)).toMatchObject({
      key_metric: 'val_mean_dice',
      train: [{ metrics: { train_acc: expect.any(Number) } }],
    });
  });
});

describe('going on from a checkpoint', () => {
  it('CheckpointLoader starts from weights, optimizer and schedule of an earlier training', async () => {
    const { mmar } = await trainWith((config) => {
      config.train.handlers.unshift({
        name: 'CheckpointLoader',
        disabled: '{dont_load_ckpt_model}',
        args: {
          load_path: '{MMAR_CKPT_DIR}/final_model.pt',
          load_dict: { model: '@model', optimizer: '@optimizer', lr_scheduler: '@lr_scheduler' },
        },
      });
      return config;
    });
    const stepsOf = () => {
      const optimizer = checkpoint(mmar, 'final_model.pt').get('optimizer') as Map<
        string,
        Map<number, Map<string, TorchValue>>
      >;
      return optimizer.get('state')!.get(0)!.get('step');
    };
    const batchesOf = () => {
      const model = checkpoint(mmar, 'final_model.pt').get('model') as Map<string, TorchTensor>;
      return model.get('model.0.conv.unit0.adn.N.num_batches_tracked')!.data[0];
    };
    expect([stepsOf(), batchesOf()]).toEqual([2, 2n]);
    const second = await runProgram(mmar.root, ['train', '--set', 'epochs=1', 'dont_load_ckpt_model=False']);
    expect(second.lines).toContain('Restored model, optimizer, lr_scheduler from models/final_model.pt');
    expect([stepsOf(), batchesOf()]).toEqual([4, 4n]);
    expect(messagesOf(second, 'iteration').map(({ learningRate }) => learningRate)).toEqual([0.005, 0.005]);
  });
});

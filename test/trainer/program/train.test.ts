import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTorchFile, torchValueToJson } from '../../../trainer/checkpoint/torch-file.ts';
import type { TorchTensor, TorchValue } from '../../../trainer/checkpoint/torch-value.ts';
import { makePhantomMmar, type PhantomMmar } from './phantom-mmar.ts';
import { messagesOf, readTrainStats, runProgram, type ProgramResult } from './run-program.ts';

const read = (root: string, path: string): Buffer => readFileSync(join(root, path));
const checkpoint = (root: string, name: string) =>
  readTorchFile(read(root, `models/${name}`)) as Map<string, TorchValue>;

describe('a training', () => {
  let mmar: PhantomMmar;
  let result: ProgramResult;
  beforeAll(async () => {
    mmar = makePhantomMmar();
    result = await runProgram(mmar.root, ['train', '--write_train_stats']);
  });
  afterAll(() => mmar.remove());

  it('completes', () => {
    expect(result.lines.filter((line) => line.includes('failed'))).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(messagesOf(result, 'finished')).toMatchObject([{ status: 'completed' }]);
  });

  it('says what it is and how far it is', () => {
    expect(messagesOf(result, 'ready')).toMatchObject([{ protocol: 1, provider: 'cpu', pid: process.pid }]);
    expect(messagesOf(result, 'started')).toEqual([
      { type: 'started', epochs: 3, firstEpoch: 1, iterationsPerEpoch: 2, parameters: expect.any(Number) },
    ]);
    const steps = messagesOf(result, 'iteration').map(({ epoch, iteration, learningRate }) => [
      epoch,
      iteration,
      learningRate,
    ]);
    expect(steps).toEqual([
      [1, 1, 0.01],
      [1, 2, 0.01],
      [2, 1, 0.005],
      [2, 2, 0.005],
      [3, 1, 0.0025],
      [3, 2, 0.0025],
    ]);
    expect(messagesOf(result, 'epoch').map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(messagesOf(result, 'epoch')[2].secondsLeft).toBe(0);
    const [validation] = messagesOf(result, 'validation');
    expect(validation.keyMetric).toBe('val_mean_dice');
    expect(Object.keys(validation.metrics)).toEqual(['val_mean_dice', 'val_acc']);
    expect(validation.perClass.val_mean_dice).toHaveLength(1);
  });

  it('keeps train_stats.json', () => {
    const stats = readTrainStats(mmar.root);
    expect(stats).toMatchObject({
      status: 'completed',
      key_metric: 'val_mean_dice',
      epochs: 3,
      max_epochs: 3,
      iterations: 6,
    });
    expect(stats.train.map(({ learning_rate }) => learning_rate)).toEqual([0.01, 0.005, 0.0025]);
    expect(Object.keys(stats.train[0].metrics!)).toEqual(['train_acc']);
    const scores = stats.validation.map(({ metrics }) => metrics.val_mean_dice!);
    expect(stats.best_metric).toBe(Math.max(...scores));
    expect(stats.best_epoch).toBe(scores.indexOf(stats.best_metric) + 1);
    expect(stats.validation[0].per_class!.val_mean_dice[0]).toBeCloseTo(scores[0], 12);
    expect(stats.validation[0].first_class).toEqual({ val_mean_dice: 1 });
  });

  it('logs lines of the form that StatsHandler has', () => {
    const steps = result.lines.filter((line) => line.startsWith('Epoch: '));
    expect(steps).toHaveLength(6);
    expect(steps[3]).toMatch(/^Epoch: 2\/3, Iter: 2\/2 -- train_loss: 0\.\d{4}$/);
    expect(result.lines).toContainEqual(
      expect.stringMatching(/^Epoch\[1\] Metrics -- val_acc: 0\.\d{4} val_mean_dice: 0\.\d{4}$/),
    );
    expect(result.lines).toContainEqual(
      expect.stringMatching(/^Epoch\[1\] val_mean_dice per class -- 1: 0\.\d{4}$/),
    );
    expect(result.lines).toContainEqual(
      expect.stringMatching(/^Key metric: val_mean_dice best value: 0\.\d+ at epoch: \d$/),
    );
  });

  it('calls handlers in the order of the config: the schedule, then the validation with its savers, then the log', () => {
    const ofFirstEpoch = result.lines.filter((line) => !/^(Epoch: |First )/.test(line)).slice(1, 8);
    expect(ofFirstEpoch.map((line) => line.split(' ')[0])).toEqual([
      'Current',
      'Saved',
      'Epoch[1]',
      'Epoch[1]',
      'Key',
      'Epoch[1]',
      'Key',
    ]);
  });

  it('leaves checkpoints with the names and keys that Clara has, an ONNX model and events', () => {
    const names = readdirSync(join(mmar.root, 'models')).sort();
    expect(names.map((name) => name.replace(/tfevents.*/, 'tfevents'))).toEqual([
      'events.out.tfevents',
      'final_model.pt',
      'model.onnx',
      'model.pt',
      'samples',
      'train_stats.json',
    ]);
    expect(readdirSync(join(mmar.root, 'models/samples')).sort()).toEqual([
      'validation_1.png',
      'validation_2.png',
    ]);
    expect([...checkpoint(mmar.root, 'model.pt').keys()]).toEqual(['model', 'train_conf']);
    const final = checkpoint(mmar.root, 'final_model.pt');
    expect([...final.keys()]).toEqual(['model', 'optimizer', 'lr_scheduler', 'train_conf']);
    expect(torchValueToJson(final.get('lr_scheduler')!)).toEqual({ last_epoch: 3, _last_lr: [0.00125] });
    const model = final.get('model') as Map<string, TorchTensor>;
    expect(model.get('model.0.conv.unit0.conv.weight')!.shape).toEqual([4, 1, 3, 3, 3]);
    expect([...model.get('model.0.conv.unit0.adn.N.num_batches_tracked')!.data]).toEqual([6n]);
  });

  it('puts no place of this machine into what can be handed on', () => {
    const entries = readdirSync(join(mmar.root, 'models'), { recursive: true, withFileTypes: true });
    for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
      expect(readFileSync(join(parentPath, name)).includes(mmar.root), name).toBe(false);
    }
    const conf = torchValueToJson(checkpoint(mmar.root, 'model.pt').get('train_conf')!);
    expect(conf).toMatchObject({ train: { model: { name: 'UNet' }, handlers: expect.anything() } });
  });
});

import { describe, expect, it } from 'vitest';
import { tensorBoardStatsHandlerSpec } from '../../../common/components/handlers.ts';
import { createTensorBoardStatsHandler } from '../../../trainer/handlers/tensorboard-stats-handler.ts';
import type { EventWriter } from '../../../trainer/tensorboard/event-writer.ts';
import { FakeEngine } from './fake-engine.ts';

function attach(engine: FakeEngine, args: Readonly<Record<string, unknown>> = {}): (string | number)[][] {
  const written: (string | number)[][] = [];
  const writer = {
    restart: (step: number) => void written.push(['restart', step]),
    scalar: (tag: string, value: number, step: number) => void written.push([tag, value, step]),
    text: (tag: string, text: string, step: number) => void written.push([tag, text, step]),
  };
  const handler = createTensorBoardStatsHandler(tensorBoardStatsHandlerSpec.args.parse(args), {
    openEventWriter: () => writer as unknown as EventWriter,
    configText: '{}',
  });
  handler.attach(engine);
  return written;
}

describe('TensorBoardStatsHandler', () => {
  it('writes the config, the loss by step, the learning rate and the metrics by epoch', async () => {
    const engine = new FakeEngine();
    const written = attach(engine, { tag_name: 'train_loss', iteration_interval: 2 });
    await engine.fire('STARTED', { iteration: 0 });
    await engine.fire('ITERATION_COMPLETED', { iteration: 1, output: { loss: 1, items: [] } });
    await engine.fire('ITERATION_COMPLETED', { iteration: 2, output: { loss: 0.5, items: [] } });
    await engine.fire('EPOCH_COMPLETED', {
      learningRate: 0.001,
      metrics: [{ label: 'acc', isKey: true, value: 0.9, firstClass: 0, perClass: [1, null, 0.8] }],
    });
    expect(written).toEqual([
      ['train_conf', '```json\n{}\n```', 0],
      ['train_loss', 0.5, 2],
      ['learning_rate', 0.001, 1],
      ['acc', 0.9, 1],
      ['acc/class_0', 1, 1],
      ['acc/class_2', 0.8, 1],
    ]);
  });

  it('makes TensorBoard forget what an interrupted training wrote beyond its checkpoint', async () => {
    const engine = new FakeEngine();
    const written = attach(engine);
    await engine.fire('STARTED', { iteration: 40 });
    expect(written).toEqual([['restart', 41]]);
  });

  it('writes epochs at their interval, and no config for a validation', async () => {
    const engine = new FakeEngine('evaluator');
    const written = attach(engine, { epoch_interval: 2 });
    const metrics = [{ label: 'dice', isKey: true, value: 0.5, firstClass: 0 }];
    await engine.fire('STARTED', { iteration: 0 });
    await engine.fire('EPOCH_COMPLETED', { epoch: 1, metrics });
    await engine.fire('EPOCH_COMPLETED', { epoch: 2, metrics });
    expect(written).toEqual([['dice', 0.5, 2]]);
  });
});

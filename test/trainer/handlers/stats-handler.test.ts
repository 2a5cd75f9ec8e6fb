import { describe, expect, it } from 'vitest';
import { statsHandlerSpec } from '../../../common/components/handlers.ts';
import type { Expression } from '../../../common/mmar/expressions.ts';
import { createStatsHandler } from '../../../trainer/handlers/stats-handler.ts';
import { FakeEngine } from './fake-engine.ts';

const expression = (form: Expression) => ({
  kind: 'expression',
  expression: form,
  at: ['train', 'handlers', 0],
});
const lossAlone = expression({ form: 'from-engine', keys: ['loss'], first: true });
const nothing = expression({ form: 'nothing' });

function attach(args: Readonly<Record<string, unknown>>): FakeEngine {
  const engine = new FakeEngine();
  createStatsHandler(statsHandlerSpec.args.parse(args)).attach(engine);
  return engine;
}

describe('StatsHandler', () => {
  it('writes a line per step, counted within the epoch', async () => {
    const engine = attach({ tag_name: 'train_loss', output_transform: lossAlone });
    await engine.fire('ITERATION_COMPLETED', { output: { loss: 0.12345, items: [] } });
    await engine.fire('ITERATION_COMPLETED', { epoch: 3, iteration: 30, output: { loss: 2, items: [] } });
    expect(engine.lines).toEqual([
      'Epoch: 1/5, Iter: 3/10 -- train_loss: 0.1235',
      'Epoch: 3/5, Iter: 10/10 -- train_loss: 2.0000',
    ]);
  });

  it('calls the loss Loss where it has no name, and shows none for lambda x: None', async () => {
    const named = attach({});
    const silent = attach({ output_transform: nothing });
    for (const engine of [named, silent]) {
      await engine.fire('ITERATION_COMPLETED', { output: { loss: NaN, items: [] } });
    }
    expect([named.lines, silent.lines]).toEqual([['Epoch: 1/5, Iter: 3/10 -- Loss: nan'], []]);
  });

  it('writes the metrics of an epoch by name, with the value of each class, and the best', async () => {
    const engine = attach({ output_transform: nothing, state_attributes: ['best_metric', 'iteration'] });
    await engine.fire('EPOCH_COMPLETED', {
      epoch: 2,
      bestMetric: 0.75,
      bestMetricEpoch: 2,
      metrics: [
        { label: 'val_mean_dice', isKey: true, value: 0.75, firstClass: 1, perClass: [0.5, 1, null] },
        { label: 'val_acc', isKey: false, value: null, firstClass: 0 },
      ],
    });
    expect(engine.lines).toEqual([
      'Epoch[2] Metrics -- val_acc: n/a val_mean_dice: 0.7500',
      'Epoch[2] val_mean_dice per class -- 1: 0.5000 2: 1.0000 3: n/a',
      'Key metric: val_mean_dice best value: 0.7500 at epoch: 2',
      'State values: best_metric: 0.7500 iteration: 3.0000',
    ]);
  });

  it.each([
    [{ output_transform: expression({ form: 'pick', keys: ['pred'], tuple: false }) }, 'output_transform'],
    [{ output_transform: expression({ form: 'model-parameters', model: 'model' }) }, 'output_transform'],
    [{ state_attributes: ['best_metrik'] }, 'state_attributes'],
  ])('refuses %j', (args, argument) => {
    expect(() => attach(args)).toThrow(
      expect.objectContaining({ faults: [expect.objectContaining({ component: 'StatsHandler', argument })] }),
    );
  });
});

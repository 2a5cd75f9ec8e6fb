import { describe, expect, it } from 'vitest';
import type { EngineEvent, Handler } from '../../../trainer/engines/engine.ts';
import { NO_METRICS } from '../../../trainer/engines/metric-slots.ts';
import {
  SupervisedTrainer,
  type SupervisedTrainerOptions,
} from '../../../trainer/engines/supervised-trainer.ts';
import { TrainingAborted, TrainingDiverged } from '../../../trainer/engines/training-end.ts';
import { collectLog, fakeLoader, meanOfPredictions, recorder } from './fakes.ts';

const ALL: readonly EngineEvent[] = [
  'STARTED',
  'EPOCH_STARTED',
  'ITERATION_COMPLETED',
  'EPOCH_COMPLETED',
  'COMPLETED',
  'EXCEPTION_RAISED',
];

function makeTrainer(changes: Partial<SupervisedTrainerOptions> = {}): SupervisedTrainer {
  return new SupervisedTrainer({
    maxEpochs: 2,
    loader: fakeLoader([1, 2], [3]),
    // The loss is the mean of the images, the prediction the images.
    runStep: async (image) => ({
      loss: image.data.reduce((sum, value) => sum + value, 0) / image.data.length,
      prediction: image,
    }),
    classCount: 1,
    learningRate: 0.5,
    postprocess: (items) => items,
    metrics: NO_METRICS,
    handlers: [],
    log: collectLog(),
    signal: new AbortController().signal,
    ...changes,
  });
}

const at = (event: EngineEvent, act: (engine: Parameters<Handler['attach']>[0]) => void): Handler => ({
  name: 'Act',
  attach: (engine) => engine.on(event, () => act(engine)),
});

describe('SupervisedTrainer', () => {
  it("fires ignite's events in its order, handlers in theirs", async () => {
    const log: string[] = [];
    await makeTrainer({
      handlers: [recorder(ALL, log, 'a '), recorder(['EPOCH_COMPLETED'], log, 'b ')],
    }).run();
    expect(log).toEqual([
      'a STARTED 0/0',
      'a EPOCH_STARTED 1/0',
      'a ITERATION_COMPLETED 1/1',
      'a ITERATION_COMPLETED 1/2',
      'a EPOCH_COMPLETED 1/2',
      'b EPOCH_COMPLETED 1/2',
      'a EPOCH_STARTED 2/2',
      'a ITERATION_COMPLETED 2/3',
      'a ITERATION_COMPLETED 2/4',
      'a EPOCH_COMPLETED 2/4',
      'b EPOCH_COMPLETED 2/4',
      'a COMPLETED 2/4',
    ]);
  });

  it('waits for listeners that take their time', async () => {
    const order: string[] = [];
    const slow: Handler = {
      name: 'Slow',
      attach: (engine) =>
        engine.on('EPOCH_COMPLETED', async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          order.push('slow');
        }),
    };
    await makeTrainer({
      maxEpochs: 1,
      handlers: [slow, at('EPOCH_COMPLETED', () => order.push('next'))],
    }).run();
    expect(order).toEqual(['slow', 'next']);
  });

  it('measures the epoch over all its cases, and keeps the best, strictly greater', async () => {
    const values = [0.5, 0.5, 0.9, 0.7];
    const bests: (readonly [number, number])[] = [];
    const keepBest = at('EPOCH_COMPLETED', ({ state }) =>
      bests.push([state.bestMetric, state.bestMetricEpoch]),
    );
    const metrics = meanOfPredictions(() => values.shift()!);
    const trainer = makeTrainer({ maxEpochs: 4, metrics, handlers: [keepBest] });
    await trainer.run();
    expect(bests).toEqual([
      [0.5, 1],
      [0.5, 1],
      [0.9, 3],
      [0.9, 3],
    ]);
    const mean = makeTrainer({ maxEpochs: 1, metrics: meanOfPredictions() });
    await mean.run();
    expect(mean.state.metrics).toMatchObject([{ label: 'mean', isKey: true, value: 2 }]);
    expect(mean.state.epochLoss).toBe((1.5 + 3) / 2);
  });

  it("starts from MONAI's -1: what is not above it is never best, and that is said", async () => {
    const log = collectLog();
    const trainer = makeTrainer({ maxEpochs: 1, metrics: meanOfPredictions(() => -3), log });
    await trainer.run();
    expect([trainer.state.bestMetric, trainer.state.bestMetricEpoch]).toEqual([-1, -1]);
    expect(log.lines).toEqual(['warning: mean is -3: as in MONAI a key metric counts as best only above -1']);
  });

  it('cuts epochs short, or makes several passes, as epoch_length says', async () => {
    const [short, long] = [fakeLoader([1], [2], [3]), fakeLoader([1], [2])];
    const trainer = makeTrainer({ loader: short, epochLength: 2 });
    await trainer.run();
    expect([trainer.state.iteration, short.passes]).toEqual([4, [1, 2]]);
    const repeating = makeTrainer({ loader: long, epochLength: 3 });
    await repeating.run();
    expect([repeating.state.iteration, long.passes]).toEqual([6, [1, 2, 3, 4]]);
  });

  it('uses the learning rate that a handler sets from the next step on', async () => {
    const rates: number[] = [];
    const trainer = makeTrainer({
      runStep: async (_image, _label, rate) => {
        rates.push(rate);
        return { loss: 1 };
      },
      handlers: [at('EPOCH_COMPLETED', (engine) => engine.setLearningRate(0.25))],
    });
    await trainer.run();
    expect(rates).toEqual([0.5, 0.5, 0.25, 0.25]);
  });

  it('ends as completed when a handler terminates, after the step', async () => {
    const log: string[] = [];
    const terminate = at('ITERATION_COMPLETED', (engine) => engine.terminate());
    await makeTrainer({ handlers: [terminate, recorder(['EPOCH_COMPLETED', 'COMPLETED'], log)] }).run();
    expect(log).toEqual(['COMPLETED 1/1']);
  });

  it('stops after the step that its signal fired in', async () => {
    const controller = new AbortController();
    const log: string[] = [];
    const abort = at('ITERATION_COMPLETED', () => controller.abort(new TrainingAborted('enough')));
    const trainer = makeTrainer({ signal: controller.signal, handlers: [abort, recorder(ALL, log)] });
    await expect(trainer.run()).rejects.toThrow(new TrainingAborted('enough'));
    expect(log.slice(-2)).toEqual(['ITERATION_COMPLETED 1/1', 'EXCEPTION_RAISED 1/1']);
  });

  it.each([NaN, Infinity])('ends as diverged when the loss is %d', async (loss) => {
    const states: unknown[] = [];
    const trainer = makeTrainer({
      runStep: async (image) => ({ loss: image.data[0] === 3 ? loss : 1 }),
      handlers: [at('EXCEPTION_RAISED', ({ state }) => states.push(state.exception))],
    });
    await expect(trainer.run()).rejects.toThrow(`The loss became ${loss} in epoch 1, iteration 2`);
    expect(states[0]).toBeInstanceOf(TrainingDiverged);
    expect((states[0] as Error).message).toMatch(/a smaller learning rate may help/);
  });

  it('goes on after the epoch that an interrupted training had reached', async () => {
    const loader = fakeLoader([1], [2]);
    const trainer = makeTrainer({ maxEpochs: 3, loader });
    trainer.restore({ epoch: 2, iteration: 4, learningRate: 0.1, best: { value: 0.8, epoch: 1 } });
    await trainer.run();
    expect(loader.passes).toEqual([3]);
    expect(trainer.progress).toEqual({
      epoch: 3,
      iteration: 6,
      learningRate: 0.1,
      best: { value: 0.8, epoch: 1 },
    });
  });

  it('says which image the cases lack', async () => {
    const loader = fakeLoader([1]);
    const iterate = loader.iterate.bind(loader);
    loader.iterate = async function* (pass) {
      for await (const batch of iterate(pass)) yield { ...batch, fields: { image: batch.fields.image } };
    };
    await expect(makeTrainer({ loader }).run()).rejects.toMatchObject({
      faults: [{ code: 'data-list', message: expect.stringContaining('"label"') }],
    });
  });
});

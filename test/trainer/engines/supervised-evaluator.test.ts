import { describe, expect, it } from 'vitest';
import { NO_METRICS } from '../../../trainer/engines/metric-slots.ts';
import {
  SupervisedEvaluator,
  type SupervisedEvaluatorOptions,
} from '../../../trainer/engines/supervised-evaluator.ts';
import { TrainingAborted } from '../../../trainer/engines/training-end.ts';
import { createValidationHandler } from '../../../trainer/handlers/validation-handler.ts';
import { createLrScheduleHandler } from '../../../trainer/handlers/lr-schedule-handler.ts';
import { LrScheduler } from '../../../trainer/lr-schedulers/lr-scheduler.ts';
import { lrScheduleHandlerSpec, validationHandlerSpec } from '../../../common/components/handlers.ts';
import { createSimpleInferer } from '../../../trainer/inferers/simple.ts';
import { FakeEngine } from '../handlers/fake-engine.ts';
import { collectLog, fakeLoader, meanOfPredictions, recorder, tensor } from './fakes.ts';

function makeEvaluator(changes: Partial<SupervisedEvaluatorOptions> = {}): SupervisedEvaluator {
  return new SupervisedEvaluator({
    loader: fakeLoader([1, 3], [5]),
    inferer: createSimpleInferer(),
    predict: async (images) => ({ shape: images.shape, data: images.data.map((value) => value * 2) }),
    postprocess: (items) => items,
    metrics: NO_METRICS,
    handlers: [],
    log: collectLog(),
    signal: new AbortController().signal,
    ...changes,
  });
}

describe('SupervisedEvaluator', () => {
  it('predicts every case, takes batches apart, and runs the post transforms on each', async () => {
    const seen: unknown[] = [];
    const evaluator = makeEvaluator({
      postprocess: (items) =>
        items.map((item) => (seen.push(item.pred), { ...item, pred: tensor([1, 1], 7) })),
      metrics: meanOfPredictions(),
    });
    await evaluator.run(3, 9);
    expect(seen).toEqual([tensor([1, 1], 2), tensor([1, 1], 6), tensor([1, 1], 10)]);
    expect(evaluator.state).toMatchObject({ epoch: 3, maxEpochs: 9, bestMetric: 7, bestMetricEpoch: 3 });
    expect(evaluator.state.metrics).toMatchObject([{ value: 7 }]);
  });

  it('keeps the best from run to run, the first of equals', async () => {
    const values = [0.5, 0.7, 0.7];
    const evaluator = makeEvaluator({ metrics: meanOfPredictions(() => values.shift()!) });
    for (const epoch of [2, 4, 6]) await evaluator.run(epoch, 6);
    expect(evaluator.best).toEqual({ value: 0.7, epoch: 4 });
    evaluator.restore({ value: 0.9, epoch: 1 });
    expect(evaluator.state.bestMetric).toBe(0.9);
  });

  it('fires its events, and looks at no more batches than epoch_length', async () => {
    const log: string[] = [];
    const events = [
      'STARTED',
      'EPOCH_STARTED',
      'ITERATION_COMPLETED',
      'EPOCH_COMPLETED',
      'COMPLETED',
    ] as const;
    await makeEvaluator({ handlers: [recorder(events, log)], epochLength: 1 }).run(2);
    expect(log).toEqual([
      'STARTED 2/0',
      'EPOCH_STARTED 2/0',
      'ITERATION_COMPLETED 2/1',
      'EPOCH_COMPLETED 2/1',
      'COMPLETED 2/1',
    ]);
  });

  it('stops after the case that its signal fired in', async () => {
    const controller = new AbortController();
    controller.abort(new TrainingAborted('enough'));
    const log: string[] = [];
    const evaluator = makeEvaluator({
      signal: controller.signal,
      handlers: [recorder(['EXCEPTION_RAISED'], log)],
    });
    await expect(evaluator.run()).rejects.toThrow('enough');
    expect(log).toEqual(['EXCEPTION_RAISED 1/1']);
  });

  it('has nothing to terminate and no learning rate', () => {
    expect(() => makeEvaluator().terminate()).toThrow(/attach the handler to the trainer/);
    expect(() => makeEvaluator().setLearningRate()).toThrow(/attach the handler to the trainer/);
  });
});

describe('ValidationHandler', () => {
  it.each([
    [{ interval: 2 }, [2, 4]],
    [{ interval: 15, epoch_level: false }, [2, 3, 5]],
  ])('%j runs the evaluator in epochs %j', async (args, epochs) => {
    const evaluator = makeEvaluator();
    const ran: number[] = [];
    evaluator.on('COMPLETED', () => void ran.push(evaluator.state.epoch));
    const engine = new FakeEngine();
    createValidationHandler(validationHandlerSpec.args.parse(args), evaluator).attach(engine);
    for (let iteration = 1; iteration <= 50; iteration++) {
      await engine.fire('ITERATION_COMPLETED', { iteration, epoch: Math.ceil(iteration / 10) });
      if (iteration % 10 === 0) await engine.fire('EPOCH_COMPLETED');
    }
    expect(ran).toEqual(epochs);
  });
});

describe('LrScheduleHandler', () => {
  it('advances the schedule after each epoch and says the new rate', async () => {
    const engine = new FakeEngine();
    const scheduler = new LrScheduler((epoch) => 1 / 2 ** epoch);
    createLrScheduleHandler(lrScheduleHandlerSpec.args.parse({}), scheduler).attach(engine);
    await engine.fire('ITERATION_COMPLETED');
    await engine.fire('EPOCH_COMPLETED');
    await engine.fire('EPOCH_COMPLETED');
    expect(engine.rates).toEqual([0.5, 0.25]);
    expect(engine.lines).toEqual(['Current learning rate: 0.5', 'Current learning rate: 0.25']);
    expect([scheduler.completed, scheduler.learningRate]).toEqual([2, 0.25]);
  });

  it('advances after each step where it is told to, silently', async () => {
    const engine = new FakeEngine();
    const args = lrScheduleHandlerSpec.args.parse({ epoch_level: false, print_lr: false });
    createLrScheduleHandler(args, new LrScheduler((step) => step)).attach(engine);
    await engine.fire('ITERATION_COMPLETED');
    await engine.fire('EPOCH_COMPLETED');
    expect([engine.rates, engine.lines]).toEqual([[1], []]);
  });
});

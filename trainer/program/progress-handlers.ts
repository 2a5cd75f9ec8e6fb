import type { Engine, Handler } from '../engines/engine.ts';
import type { ModelState } from '../model/model-state.ts';
import type { ProgramHandlers } from '../build/training.ts';
import type { Reporter } from './reporter.ts';
import { perClassOf, valuesOf, type StatsRecorder } from './stats-recorder.ts';

export interface ProgressOptions {
  readonly reporter: Reporter;
  readonly recorder: StatsRecorder;
  /** Numbers that training changes. */
  readonly state: () => ModelState;
  /** Seconds, from any fixed moment. */
  readonly clock: () => number;
  /** Called after an epoch and everything that the config wants done then. */
  readonly epochDone: () => void;
  /** Called when a validation has found a better model than those before. */
  readonly bestFound: () => void;
}

/** Tells of a training as it goes: messages to whoever started it, and `train_stats.json`. The last handlers of all. */
export function createProgressHandlers(options: ProgressOptions): ProgramHandlers {
  return { train: [trainingProgress(options)], validate: [validationProgress(options)] };
}

function trainingProgress({ reporter, recorder, state, clock, epochDone }: ProgressOptions): Handler {
  return {
    name: 'TrainingProgress',
    attach(engine) {
      let startedAt = 0;
      let firstEpoch = 1;
      let learningRate = 0;
      let epochAt = 0;
      engine.on('STARTED', () => {
        startedAt = clock();
        firstEpoch = engine.state.epoch + 1;
        reporter.send(startedMessage(engine, state(), firstEpoch));
      });
      engine.on('EPOCH_STARTED', () => {
        epochAt = clock();
        // The rate of this epoch's steps: a schedule that comes before this handler has changed it by the end.
        learningRate = engine.state.learningRate ?? 0;
      });
      engine.on('ITERATION_COMPLETED', () => reportIteration(engine, reporter));
      engine.on('EPOCH_COMPLETED', () => {
        const { epoch, maxEpochs, metrics, epochLoss = NaN } = engine.state;
        recorder.addEpoch(engine.state, learningRate);
        const perEpoch = (clock() - startedAt) / (epoch - firstEpoch + 1);
        reporter.send({
          type: 'epoch',
          epoch,
          loss: epochLoss,
          metrics: valuesOf(metrics),
          secondsPerEpoch: clock() - epochAt,
          secondsLeft: perEpoch * (maxEpochs - epoch),
        });
        epochDone();
      });
    },
  };
}

function startedMessage({ state }: Engine, model: ModelState, firstEpoch: number) {
  return {
    type: 'started',
    epochs: state.maxEpochs,
    firstEpoch,
    iterationsPerEpoch: state.epochLength,
    parameters: model.countParameters(),
  } as const;
}

function reportIteration({ state }: Engine, reporter: Reporter): void {
  const { epoch, iteration, epochLength, output, learningRate = 0 } = state;
  if (output.loss === undefined) return;
  reporter.send({
    type: 'iteration',
    epoch,
    iteration: ((iteration - 1) % epochLength) + 1,
    loss: output.loss,
    learningRate,
  });
}

function validationProgress({ reporter, recorder, bestFound }: ProgressOptions): Handler {
  return {
    name: 'ValidationProgress',
    attach(engine) {
      engine.on('EPOCH_COMPLETED', () => {
        const { epoch, metrics, bestMetric, bestMetricEpoch } = engine.state;
        if (bestMetricEpoch === epoch) bestFound();
        recorder.addValidation(engine.state);
        reporter.send({
          type: 'validation',
          epoch,
          metrics: valuesOf(metrics),
          perClass: perClassOf(metrics),
          keyMetric: metrics.find(({ isKey }) => isKey)?.label ?? '',
          bestMetric,
          bestEpoch: bestMetricEpoch,
        });
      });
    },
  };
}

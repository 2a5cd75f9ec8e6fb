import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Item } from '../data/item.ts';
import type { Tensor } from '../data/tensor.ts';
import type { Batch, DataLoader } from '../datasets/batch.ts';
import { fieldOf, findImageWithoutNumbers, requireKnownClasses } from './batch-fields.ts';
import { NO_BEST_METRIC, updateBest, type BestMetric } from './best-metric.ts';
import { decollate } from './decollate.ts';
import { EngineEvents } from './engine-events.ts';
import type { Engine, EngineEvent, EngineListener, EngineState, Handler, Log, StepOutput } from './engine.ts';
import {
  computeMetrics,
  resetMetrics,
  updateMetrics,
  type MetricResult,
  type MetricSlots,
} from './metric-slots.ts';
import { TrainingDiverged } from './training-end.ts';

/** Forward, backward and update on one batch; the prediction where it was asked for when the step was made. */
export type RunStep = (
  image: Tensor,
  label: Tensor,
  learningRate: number,
) => Promise<{ readonly loss: number; readonly prediction?: Tensor }>;

export interface SupervisedTrainerOptions {
  readonly maxEpochs: number;
  readonly loader: DataLoader;
  /** Steps per epoch; default one pass over the data. An epoch begins with a new pass. */
  readonly epochLength?: number;
  readonly runStep: RunStep;
  /** Channels of the predictions. */
  readonly classCount: number;
  readonly learningRate: number;
  readonly postprocess: (items: readonly Item[]) => readonly Item[];
  readonly metrics: MetricSlots;
  readonly handlers: readonly Handler[];
  readonly log: Log;
  /** Ends the training after the current step. */
  readonly signal: AbortSignal;
}

/** What {@link SupervisedTrainer} needs to go on where another one stopped, at the end of an epoch. */
export interface TrainerProgress {
  readonly epoch: number;
  readonly iteration: number;
  readonly learningRate: number;
  readonly best: BestMetric;
}

/**
 * `monai.engines.SupervisedTrainer` (0.8.1) with ignite's events: per epoch one pass over the loader, per step forward,
 * loss, backward, update, then post transforms and metrics on each case, then the handlers in their order.
 */
export class SupervisedTrainer implements Engine {
  readonly kind = 'trainer';
  readonly log: Log;
  readonly #options: SupervisedTrainerOptions;
  readonly #events = new EngineEvents();
  readonly #epochLength: number;
  #epoch = 0;
  #iteration = 0;
  #learningRate: number;
  #lossSum = 0;
  #lossCount = 0;
  #output: StepOutput = { items: [] };
  #metrics: readonly MetricResult[] = [];
  #best: BestMetric = NO_BEST_METRIC;
  #exception: unknown;
  #terminated = false;

  constructor(options: SupervisedTrainerOptions) {
    this.#options = options;
    this.log = options.log;
    this.#epochLength = options.epochLength ?? options.loader.batchCount;
    this.#learningRate = options.learningRate;
    for (const handler of options.handlers) handler.attach(this);
  }

  get state(): EngineState {
    return {
      epoch: this.#epoch,
      maxEpochs: this.#options.maxEpochs,
      iteration: this.#iteration,
      epochLength: this.#epochLength,
      output: this.#output,
      metrics: this.#metrics,
      bestMetric: this.#best.value,
      bestMetricEpoch: this.#best.epoch,
      learningRate: this.#learningRate,
      epochLoss: this.#lossCount === 0 ? NaN : this.#lossSum / this.#lossCount,
      exception: this.#exception,
    };
  }

  get progress(): TrainerProgress {
    return {
      epoch: this.#epoch,
      iteration: this.#iteration,
      learningRate: this.#learningRate,
      best: this.#best,
    };
  }

  on(event: EngineEvent, listener: EngineListener): void {
    this.#events.on(event, listener);
  }

  terminate(): void {
    this.#terminated = true;
  }

  setLearningRate(rate: number): void {
    this.#learningRate = rate;
  }

  /** Goes on after the epoch that `progress` tells of. Before {@link run}. */
  restore({ epoch, iteration, learningRate, best }: TrainerProgress): void {
    this.#epoch = epoch;
    this.#iteration = iteration;
    this.#learningRate = learningRate;
    this.#best = best;
  }

  /**
   * Trains until the last epoch is done or a handler terminates.
   *
   * @throws TrainingDiverged, the signal's reason, or whatever went wrong, after `EXCEPTION_RAISED`
   */
  async run(): Promise<void> {
    try {
      await this.#events.fire('STARTED');
      while (this.#epoch < this.#options.maxEpochs && !this.#terminated) await this.#runEpoch();
      await this.#events.fire('COMPLETED');
    } catch (error) {
      this.#exception = error;
      await this.#events.fire('EXCEPTION_RAISED');
      throw error;
    }
  }

  async #runEpoch(): Promise<void> {
    const { metrics, log } = this.#options;
    this.#epoch++;
    this.#lossSum = 0;
    this.#lossCount = 0;
    resetMetrics(metrics);
    await this.#events.fire('EPOCH_STARTED');
    for await (const batch of this.#batches()) {
      await this.#runStep(batch);
      await this.#events.fire('ITERATION_COMPLETED');
      // A step blocks the thread: only here can messages come in, such as one that asks to stop.
      await nextTurn();
      this.#options.signal.throwIfAborted();
      if (this.#terminated) return;
    }
    this.#metrics = computeMetrics(metrics);
    this.#best = updateBest(this.#best, this.#metrics, this.#epoch, log);
    await this.#events.fire('EPOCH_COMPLETED');
    this.#options.signal.throwIfAborted();
  }

  /** As many batches as an epoch has, from as many passes over the data as that takes. */
  async *#batches(): AsyncGenerator<Batch> {
    const { loader } = this.#options;
    const passesPerEpoch = Math.ceil(this.#epochLength / loader.batchCount);
    let left = this.#epochLength;
    for (let pass = 1; pass <= passesPerEpoch; pass++) {
      for await (const batch of loader.iterate((this.#epoch - 1) * passesPerEpoch + pass)) {
        yield batch;
        if (--left === 0) return;
      }
    }
  }

  async #runStep(batch: Batch): Promise<void> {
    const { runStep, classCount, metrics, postprocess } = this.#options;
    requireKnownClasses(batch, classCount);
    const [image, label] = [
      fieldOf(batch, 'image', 'SupervisedTrainer'),
      fieldOf(batch, 'label', 'SupervisedTrainer'),
    ];
    const { loss, prediction } = await runStep(image, label, this.#learningRate);
    this.#iteration++;
    if (!Number.isFinite(loss)) {
      const iteration = ((this.#iteration - 1) % this.#epochLength) + 1;
      throw new TrainingDiverged(loss, this.#epoch, iteration, findImageWithoutNumbers(batch));
    }
    this.#lossSum += loss;
    this.#lossCount++;
    const items = prediction === undefined ? [] : postprocess(decollate(batch, prediction));
    this.#output = { loss, items };
    updateMetrics(metrics, items);
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Item } from '../data/item.ts';
import type { DataLoader } from '../datasets/batch.ts';
import type { Inferer, Predict } from '../inferers/inferer.ts';
import { fieldOf } from './batch-fields.ts';
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

export interface SupervisedEvaluatorOptions {
  readonly loader: DataLoader;
  /** Batches to look at; default all. */
  readonly epochLength?: number;
  readonly inferer: Inferer;
  readonly predict: Predict;
  readonly postprocess: (items: readonly Item[]) => readonly Item[];
  readonly metrics: MetricSlots;
  readonly handlers: readonly Handler[];
  readonly log: Log;
  /** Ends the validation after the current case. */
  readonly signal: AbortSignal;
}

/**
 * `monai.engines.SupervisedEvaluator` (0.8.1): the network in evaluation mode on every case, through the inferer; post
 * transforms, metrics and handlers as in the trainer. The best value of the key metric is kept from run to run.
 */
export class SupervisedEvaluator implements Engine {
  readonly kind = 'evaluator';
  readonly log: Log;
  readonly #options: SupervisedEvaluatorOptions;
  readonly #events = new EngineEvents();
  readonly #epochLength: number;
  #epoch = 0;
  #maxEpochs = 0;
  #iteration = 0;
  #output: StepOutput = { items: [] };
  #metrics: readonly MetricResult[] = [];
  #best: BestMetric = NO_BEST_METRIC;
  #exception: unknown;

  constructor(options: SupervisedEvaluatorOptions) {
    this.#options = options;
    this.log = options.log;
    this.#epochLength = Math.min(options.epochLength ?? Infinity, options.loader.batchCount);
    for (const handler of options.handlers) handler.attach(this);
  }

  get state(): EngineState {
    return {
      epoch: this.#epoch,
      maxEpochs: this.#maxEpochs,
      iteration: this.#iteration,
      epochLength: this.#epochLength,
      output: this.#output,
      metrics: this.#metrics,
      bestMetric: this.#best.value,
      bestMetricEpoch: this.#best.epoch,
      exception: this.#exception,
    };
  }

  get best(): BestMetric {
    return this.#best;
  }

  on(event: EngineEvent, listener: EngineListener): void {
    this.#events.on(event, listener);
  }

  terminate(): void {
    throw new Error('A validation cannot be terminated: attach the handler to the trainer');
  }

  setLearningRate(): void {
    throw new Error('A validation has no learning rate: attach the handler to the trainer');
  }

  /** Takes over the best value of an interrupted training. Before {@link run}. */
  restore(best: BestMetric): void {
    this.#best = best;
  }

  /**
   * One pass over the cases, as the validation after `epoch` of `maxEpochs` epochs of training.
   *
   * @throws the signal's reason, or whatever went wrong, after `EXCEPTION_RAISED`
   */
  async run(epoch = 1, maxEpochs = epoch): Promise<void> {
    this.#epoch = epoch;
    this.#maxEpochs = maxEpochs;
    this.#iteration = 0;
    try {
      await this.#runPass();
      await this.#events.fire('COMPLETED');
    } catch (error) {
      this.#exception = error;
      await this.#events.fire('EXCEPTION_RAISED');
      throw error;
    }
  }

  async #runPass(): Promise<void> {
    const { loader, inferer, predict, postprocess, metrics, log, signal } = this.#options;
    resetMetrics(metrics);
    await this.#events.fire('STARTED');
    await this.#events.fire('EPOCH_STARTED');
    for await (const batch of loader.iterate(1)) {
      const predictions = await inferer.infer(fieldOf(batch, 'image', 'SupervisedEvaluator'), predict);
      this.#iteration++;
      const items = postprocess(decollate(batch, predictions));
      this.#output = { items };
      updateMetrics(metrics, items);
      await this.#events.fire('ITERATION_COMPLETED');
      await nextTurn();
      signal.throwIfAborted();
      if (this.#iteration === this.#epochLength) break;
    }
    this.#output = { items: [] };
    this.#metrics = computeMetrics(metrics);
    this.#best = updateBest(this.#best, this.#metrics, this.#epoch, log);
    await this.#events.fire('EPOCH_COMPLETED');
  }
}

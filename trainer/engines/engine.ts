import type { Item } from '../data/item.ts';
import type { MetricResult } from './metric-slots.ts';

/**
 * What happens in a training or a validation, by ignite's names and in its order. An epoch of a validation is one pass
 * over the cases. `COMPLETED` or `EXCEPTION_RAISED` is the last event.
 */
export type EngineEvent =
  'STARTED' | 'EPOCH_STARTED' | 'ITERATION_COMPLETED' | 'EPOCH_COMPLETED' | 'COMPLETED' | 'EXCEPTION_RAISED';

/** What one step came to. */
export interface StepOutput {
  /** Training only. */
  readonly loss?: number;
  /** The cases of the step after the post transforms: `image`, `label`, `pred`. Empty where nobody wanted predictions. */
  readonly items: readonly Item[];
}

/** Where an engine is. Handlers read it; what they may change has a method of {@link Engine}. */
export interface EngineState {
  /** Epochs begun, 1 for the first. A validation has the epoch of the training that it belongs to. */
  readonly epoch: number;
  readonly maxEpochs: number;
  /** Steps made, over all epochs. */
  readonly iteration: number;
  /** Steps per epoch. */
  readonly epochLength: number;
  /** Of the last step. */
  readonly output: StepOutput;
  /** Of the last completed epoch: the key metric first. */
  readonly metrics: readonly MetricResult[];
  /** Highest value of the key metric so far; -1 before there is one above -1. */
  readonly bestMetric: number;
  /** The epoch of `bestMetric`; -1 before there is one. */
  readonly bestMetricEpoch: number;
  /** Training only: the rate of the next step. */
  readonly learningRate?: number;
  /** Training only: mean loss of the steps of the epoch so far. */
  readonly epochLoss?: number;
  /** What ended the engine, at `EXCEPTION_RAISED`. */
  readonly exception?: unknown;
}

export type EngineListener = () => void | Promise<void>;

/** What handlers see of a trainer or an evaluator. */
export interface Engine {
  readonly kind: 'trainer' | 'evaluator';
  readonly state: EngineState;
  readonly log: Log;
  /** Calls `listener` at each such event, after those that were added before. */
  on(event: EngineEvent, listener: EngineListener): void;
  /** Trainer only: ends the training as completed, after the current step or epoch. */
  terminate(): void;
  /** Trainer only: the rate of the steps from now on. */
  setLearningRate(rate: number): void;
}

/** Lines of text about the training, for people. */
export interface Log {
  info(text: string): void;
  warning(text: string): void;
}

/** Hears the events of an engine. Of two handlers, the one that comes first in the config is called first. */
export interface Handler {
  /** The class name that the config used. */
  readonly name: string;
  /** True when the handler reads the predictions of training steps, which otherwise are made for metrics only. */
  readonly needsPredictions?: boolean;
  attach(engine: Engine): void;
  /** Does what may fail at the start of a training, without a training. */
  tryOut?(): void;
}

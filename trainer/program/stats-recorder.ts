import { NO_SCORE, trainStats, type TrainStats } from '../../common/mmar/train-stats.ts';
import type { EngineState } from '../engines/engine.ts';
import type { MetricResult } from '../engines/metric-slots.ts';
import type { MmarFiles } from '../files/mmar-files.ts';

export const STATS_FILE = 'train_stats.json';

/** Times that a training took before it was interrupted, and since. */
export interface Stopwatch {
  /** Seconds of wall clock and of all threads together since the process began. */
  readonly elapsed: () => { readonly trainSeconds: number; readonly cpuSeconds: number };
}

/** Keeps `train_stats.json` up to date: after each validation and each epoch the file says where the training is. */
export class StatsRecorder {
  readonly #files: MmarFiles;
  readonly #path: string;
  readonly #stopwatch: Stopwatch;
  #stats: TrainStats;
  #earlier = { trainSeconds: 0, cpuSeconds: 0 };

  constructor(files: MmarFiles, modelFolder: string, stopwatch: Stopwatch) {
    this.#files = files;
    this.#path = `${modelFolder}/${STATS_FILE}`;
    this.#stopwatch = stopwatch;
    this.#stats = {
      outerloop_train_stats: 1,
      status: 'running',
      best_metric: NO_SCORE,
      epochs: 0,
      max_epochs: 0,
      iterations: 0,
      train_seconds: 0,
      train: [],
      validation: [],
    };
  }

  get stats(): TrainStats {
    return this.#stats;
  }

  /** Before the start: how many epochs the training has. */
  plan(maxEpochs: number): void {
    this.#stats = { ...this.#stats, max_epochs: maxEpochs };
  }

  /** Goes on where an interrupted training stopped. */
  restore(stats: TrainStats): void {
    this.#stats = { ...stats, status: 'running' };
    this.#earlier = { trainSeconds: stats.train_seconds, cpuSeconds: stats.cpu_seconds ?? 0 };
    delete this.#stats.reason;
  }

  start(): void {
    this.#write({});
  }

  addValidation({ epoch, metrics, bestMetric, bestMetricEpoch }: EngineState): void {
    const key = metrics.find(({ isKey }) => isKey);
    const record = { epoch, metrics: valuesOf(metrics), ...classesOf(metrics) };
    this.#write({
      ...(key && { key_metric: key.label }),
      ...(bestMetricEpoch > 0 && { best_metric: bestMetric, best_epoch: bestMetricEpoch }),
      validation: [...this.#stats.validation, record],
    });
  }

  addEpoch({ epoch, iteration, epochLoss, metrics }: EngineState, learningRate: number): void {
    const record = {
      epoch,
      loss: epochLoss ?? NaN,
      learning_rate: learningRate,
      ...(metrics.length > 0 && { metrics: valuesOf(metrics) }),
    };
    this.#write({ epochs: epoch, iterations: iteration, train: [...this.#stats.train, record] });
  }

  end(status: TrainStats['status'], reason?: string): void {
    this.#write({ status, ...(reason !== undefined && { reason }) });
  }

  #write(changes: Partial<TrainStats>): void {
    const { trainSeconds, cpuSeconds } = this.#stopwatch.elapsed();
    this.#stats = {
      ...this.#stats,
      ...changes,
      train_seconds: round(this.#earlier.trainSeconds + trainSeconds),
      cpu_seconds: round(this.#earlier.cpuSeconds + cpuSeconds),
    };
    this.#files.replace(this.#path, `${JSON.stringify(this.#stats, null, 2)}\n`);
  }
}

/** The stats that an earlier training left; undefined without any that can be read. */
export function readStats(files: MmarFiles, modelFolder: string): TrainStats | undefined {
  const path = `${modelFolder}/${STATS_FILE}`;
  if (!files.exists(path)) return undefined;
  try {
    return trainStats.safeParse(JSON.parse(files.readText(path))).data;
  } catch {
    return undefined;
  }
}

/** Values by log label. */
export function valuesOf(metrics: readonly MetricResult[]): Record<string, number | null> {
  return Object.fromEntries(metrics.map(({ label, value }) => [label, value]));
}

/** Values per class by log label, of the metrics that have classes. */
export function perClassOf(metrics: readonly MetricResult[]): Record<string, (number | null)[]> {
  return Object.fromEntries(
    metrics.flatMap(({ label, perClass }) => (perClass === undefined ? [] : [[label, [...perClass]]])),
  );
}

function classesOf(
  metrics: readonly MetricResult[],
): Pick<TrainStats['validation'][number], 'per_class' | 'first_class'> {
  const perClass = perClassOf(metrics);
  if (Object.keys(perClass).length === 0) return {};
  const withClasses = metrics.filter(({ label }) => label in perClass);
  return {
    per_class: perClass,
    first_class: Object.fromEntries(withClasses.map(({ label, firstClass }) => [label, firstClass])),
  };
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;

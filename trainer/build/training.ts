import type { DataLoader } from '../datasets/batch.ts';
import type { DeviceMemory } from '../device-memory.ts';
import type { Handler } from '../engines/engine.ts';
import type { SupervisedEvaluator } from '../engines/supervised-evaluator.ts';
import type { SupervisedTrainer } from '../engines/supervised-trainer.ts';
import type { LrScheduler } from '../lr-schedulers/lr-scheduler.ts';
import type { ModelState } from '../model/model-state.ts';
import type { Network } from '../networks/network.ts';

/** Handlers that the program adds after those of the config. */
export interface ProgramHandlers {
  readonly train: readonly Handler[];
  readonly validate: readonly Handler[];
}

/** A network on cases, as a validation of a training or for its own sake. */
export interface Evaluation {
  readonly evaluator: SupervisedEvaluator;
  readonly network: Network;
  readonly state: ModelState;
  readonly loader: DataLoader;
  /** Shape of the images that the network was last given; undefined before there were any. */
  readonly lastWindow: () => readonly number[] | undefined;
  readonly handlers: readonly Handler[];
  /** The first case through everything that a validation does, but with one real window; the others count as zeros. */
  tryFirstCase(): Promise<{ readonly imageShape: readonly number[]; readonly seconds: number }>;
  dispose(): Promise<void>;
}

/** Everything that a training consists of. */
export interface Training {
  readonly trainer: SupervisedTrainer;
  readonly network: Network;
  readonly state: ModelState;
  readonly scheduler: LrScheduler | undefined;
  readonly loader: DataLoader;
  /** Absent where the config does not validate. */
  readonly evaluation: Evaluation | undefined;
  readonly handlers: readonly Handler[];
  /** Refuses what cannot fit: fault `too-little-memory`. Nothing is loaded for it. */
  requireMemory(memory: DeviceMemory | undefined): Promise<void>;
  /** One step on the first batch, its predictions through post transforms and metrics. Changes the weights. */
  tryFirstBatch(): Promise<{ readonly imageShape: readonly number[]; readonly loss: number }>;
  dispose(): Promise<void>;
}

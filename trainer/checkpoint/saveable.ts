import { FaultError } from '../../common/fault.ts';
import type { JsonObject } from '../../common/json.ts';
import type { LrScheduler } from '../lr-schedulers/lr-scheduler.ts';
import type { ModelState } from '../model/model-state.ts';
import { loadOptimizerStateDict, writeOptimizerStateDict } from './optimizer-state-dict.ts';
import { loadStateDict, writeStateDict, type LoadOptions } from './state-dict.ts';
import type { TorchValue } from './torch-value.ts';

/** Something that a checkpoint can hold under a key of `save_dict` or `load_dict`. */
export interface Saveable {
  save(): TorchValue;
  /** Takes over what was saved; says what it left as it was. Absent where there is nothing to take over. */
  load?(value: TorchValue, options: LoadOptions): string | undefined;
}

export function modelSaveable(state: ModelState): Saveable {
  return {
    save: () => writeStateDict(state),
    load(value, options) {
      const { loaded, kept } = loadStateDict(state, value, options);
      return kept.length === 0
        ? undefined
        : `${loaded} weights loaded, ${kept.length} kept: ${kept.join(', ')}`;
    },
  };
}

export function optimizerSaveable(state: ModelState, learningRate: () => number): Saveable {
  return {
    save: () => writeOptimizerStateDict(state, learningRate()),
    load: (value) => void loadOptimizerStateDict(state, value),
  };
}

/** As PyTorch's schedulers: `last_epoch` says how often it was advanced. */
export function lrSchedulerSaveable(
  scheduler: LrScheduler,
  setLearningRate: (rate: number) => void,
): Saveable {
  return {
    save: () => ({ last_epoch: scheduler.completed, _last_lr: [scheduler.learningRate] }),
    load(value) {
      const completed =
        value instanceof Map ? (value.get('last_epoch') as TorchValue | undefined) : undefined;
      if (typeof completed !== 'number') {
        throw new FaultError({
          code: 'checkpoint',
          message: 'The checkpoint has no "last_epoch" of the schedule.',
        });
      }
      scheduler.restore(completed);
      setLearningRate(scheduler.learningRate);
      return undefined;
    },
  };
}

export function configSaveable(config: JsonObject): Saveable {
  return { save: () => config as TorchValue };
}

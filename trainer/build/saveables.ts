import { CONFIG_REFERENCE } from '../../common/mmar/references.ts';
import { componentOf } from '../../common/mmar/resolved-config.ts';
import {
  configSaveable,
  lrSchedulerSaveable,
  modelSaveable,
  optimizerSaveable,
  type Saveable,
} from '../checkpoint/saveable.ts';
import type { LrScheduler } from '../lr-schedulers/lr-scheduler.ts';
import type { ModelState } from '../model/model-state.ts';
import type { BuildContext } from './build-context.ts';
import { makePortable } from './portable-config.ts';

export interface SaveableParts {
  readonly state: ModelState;
  readonly learningRate: () => number;
  readonly setLearningRate: (rate: number) => void;
  /** The schedule of the slot `lr_scheduler`. */
  readonly scheduler: () => LrScheduler;
}

/** What a checkpoint of a training can hold, by the name that references use. */
export function saveablesOf(
  { slots, files }: BuildContext,
  { state, learningRate, setLearningRate, scheduler }: SaveableParts,
): Readonly<Record<string, () => Saveable>> {
  const hasSchedule = componentOf(slots.config.sections.train, 'lr_scheduler') !== undefined;
  return {
    model: () => modelSaveable(state),
    optimizer: () => optimizerSaveable(state, learningRate),
    ...(hasSchedule && { lr_scheduler: () => lrSchedulerSaveable(scheduler(), setLearningRate) }),
    [CONFIG_REFERENCE]: () => configSaveable(makePortable(slots.config.json, files)),
  };
}

import { FaultError } from '../../common/fault.ts';
import type { EngineState } from '../engines/engine.ts';

/** Numbers of an engine's state by the names that MONAI gives them. */
const readers: Readonly<Record<string, (state: EngineState) => number>> = {
  epoch: (state) => state.epoch,
  max_epochs: (state) => state.maxEpochs,
  iteration: (state) => state.iteration,
  epoch_length: (state) => state.epochLength,
  best_metric: (state) => state.bestMetric,
  best_metric_epoch: (state) => state.bestMetricEpoch,
};

/** Reads the named numbers. Throws a fault for a name that no engine has. */
export function stateAttributeReader(
  names: readonly string[] | null,
  component: string,
): (state: EngineState) => readonly (readonly [string, number])[] {
  const unknown = (names ?? []).find((name) => !Object.hasOwn(readers, name));
  if (unknown !== undefined) {
    throw new FaultError({
      code: 'wrong-argument',
      message: `An engine's state has no number "${unknown}".`,
      component,
      argument: 'state_attributes',
      allowed: Object.keys(readers).join(', '),
    });
  }
  return (state) => (names ?? []).map((name) => [name, readers[name](state)] as const);
}

import { FaultError } from '../../common/fault.ts';
import { optimizerTensorName, type ModelState } from '../model/model-state.ts';
import { toTensor } from './state-dict.ts';
import { float32Tensor, isTorchTensor, type TorchValue } from './torch-value.ts';

/** Names of the optimizer's tensors of one parameter, by PyTorch's names for them (`exp_avg`). */
function slotsOf(state: ModelState): ReadonlyMap<string, readonly (readonly [slot: string, name: string])[]> {
  const all = state.names('optimizer');
  const first = state.names('parameter')[0];
  const slots = all
    .map((name) => /^optimizer\/([^/]+)\//.exec(name)![1])
    .filter((slot) => all.includes(optimizerTensorName(slot, first)));
  const unique = [...new Set(slots)];
  return new Map(
    state
      .names('parameter')
      .map((parameter) => [
        parameter,
        unique.map((slot) => [slot, optimizerTensorName(slot, parameter)] as const),
      ]),
  );
}

/** The optimizer's memory as PyTorch's `optimizer.state_dict()` has it: parameters by their number. */
export function writeOptimizerStateDict(state: ModelState, learningRate: number): TorchValue {
  const slots = [...slotsOf(state).values()];
  const perParameter = slots.map((names, index): [number, TorchValue] => {
    const tensors = names.map(([slot, name]): [string, TorchValue] => {
      const { shape, data } = state.get(name);
      return [slot, float32Tensor(shape, data)];
    });
    return [index, new Map<string, TorchValue>([['step', state.step], ...tensors])];
  });
  return {
    state: new Map<number, TorchValue>(state.step === 0 ? [] : perParameter),
    param_groups: [{ lr: learningRate, params: slots.map((_, index) => index) }],
  };
}

/**
 * Takes over the memory of an optimizer of the same kind.
 *
 * @throws FaultError (code `checkpoint`) when it is of another optimizer or another network
 */
export function loadOptimizerStateDict(state: ModelState, dict: TorchValue): void {
  const perParameter = dict instanceof Map ? (dict.get('state') as TorchValue | undefined) : undefined;
  if (!(perParameter instanceof Map)) throw foreignOptimizer();
  if (perParameter.size === 0) return;
  const slots = [...slotsOf(state).values()];
  if (perParameter.size !== slots.length) throw foreignOptimizer();
  slots.forEach((names, index) => {
    const memory = perParameter.get(index) as TorchValue | undefined;
    for (const [slot, name] of names) {
      const value = memory instanceof Map ? (memory.get(slot) as TorchValue | undefined) : undefined;
      if (!isTorchTensor(value)) throw foreignOptimizer();
      state.set(name, toTensor(value));
    }
    state.step = readStep((memory as ReadonlyMap<string, TorchValue>).get('step'));
  });
}

function readStep(value: TorchValue | undefined): number {
  return isTorchTensor(value) ? Number(value.data[0]) : Number(value ?? 0);
}

const foreignOptimizer = (): FaultError =>
  new FaultError({
    code: 'checkpoint',
    message: 'The optimizer state in the checkpoint is of another optimizer or network.',
  });

import { FaultError, type Fault } from '../../common/fault.ts';
import { suggestNames } from '../../common/mmar/nearest-names.ts';
import { countElements, isSameShape, type Tensor } from '../data/tensor.ts';
import type { ModelState } from '../model/model-state.ts';
import {
  float32Tensor,
  int64Scalar,
  isTorchTensor,
  type TorchTensor,
  type TorchValue,
} from './torch-value.ts';

/** PyTorch counts the batches of a batch norm in an integer. */
const isCounter = (name: string): boolean => name.endsWith('num_batches_tracked');

/** The weights and buffers of a network as PyTorch's `state_dict()` has them. The numbers are shared, not copied. */
export function writeStateDict(state: ModelState): ReadonlyMap<string, TorchTensor> {
  return new Map(
    state.names('parameter', 'buffer').map((name) => {
      const { shape, data } = state.get(name);
      return [name, isCounter(name) ? int64Scalar(data[0]) : float32Tensor(shape, data)];
    }),
  );
}

export interface LoadOptions {
  /** Every tensor of the network must be there, and no others. */
  readonly strict: boolean;
  /** Every tensor must have the network's shape; otherwise one that has not is left out. */
  readonly strictShape: boolean;
}

/** What loading left as it was. */
export interface LoadReport {
  readonly loaded: number;
  /** Names of the network's tensors that kept their values. */
  readonly kept: readonly string[];
}

/**
 * Puts the numbers of a state dict into a model, as PyTorch's `load_state_dict` does.
 *
 * @throws FaultError (code `checkpoint`) that says which tensors do not fit; the model is then unchanged
 */
export function loadStateDict(state: ModelState, dict: TorchValue, options: LoadOptions): LoadReport {
  const tensors = readTensors(dict);
  const names = state.names('parameter', 'buffer');
  const missing = names.filter((name) => !tensors.has(name) && !isCounter(name));
  const unknown = [...tensors.keys()].filter((name) => !names.includes(name) && !isCounter(name));
  if (options.strict && missing.length + unknown.length > 0)
    throw new FaultError(foreignWeights(missing, unknown));
  if (missing.length === names.filter((name) => !isCounter(name)).length)
    throw new FaultError(foreignWeights(missing, unknown));
  const present = names.filter((name) => tensors.has(name));
  const misshapen = present.filter((name) => !isSameShape(state.get(name).shape, tensors.get(name)!.shape));
  if (options.strictShape && misshapen.length > 0) {
    const [name] = misshapen;
    throw new FaultError(wrongShape(name, tensors.get(name)!.shape, state.get(name).shape));
  }
  const fitting = present.filter((name) => !misshapen.includes(name));
  for (const name of fitting) state.set(name, tensors.get(name)!);
  return {
    loaded: fitting.length,
    kept: names.filter((name) => !fitting.includes(name) && !isCounter(name)),
  };
}

function readTensors(dict: TorchValue): ReadonlyMap<string, Tensor> {
  if (!(dict instanceof Map))
    throw new FaultError({ code: 'checkpoint', message: 'The checkpoint holds no state dict.' });
  const entries = [...(dict as ReadonlyMap<string, TorchValue>)].flatMap(([name, value]) =>
    isTorchTensor(value) ? [[name, toTensor(value)] as const] : [],
  );
  return new Map(entries);
}

/** Any number type as float32; a tensor of shape [1] fits a scalar and the other way round only if the shapes agree. */
export function toTensor({ shape, data }: TorchTensor): Tensor {
  const numbers = data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>, Number);
  return { shape, data: numbers.subarray(0, countElements(shape)) };
}

function foreignWeights(missing: readonly string[], unknown: readonly string[]): Fault {
  const parts = [
    missing.length > 0 ? `it lacks ${listSome(missing)}` : undefined,
    unknown.length > 0 ? `the network has no ${listSome(unknown)}` : undefined,
  ].filter((part) => part !== undefined);
  const hint = missing.length > 0 ? suggestNames(missing[0], unknown) : '';
  return { code: 'checkpoint', message: `The weights are of another network: ${parts.join('; ')}.${hint}` };
}

function listSome(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

const wrongShape = (name: string, found: readonly number[], wanted: readonly number[]): Fault => ({
  code: 'checkpoint',
  message: `The weight "${name}" has the shape [${found.join(', ')}].`,
  allowed: `[${wanted.join(', ')}], or "strict_shape": false to leave it out`,
});

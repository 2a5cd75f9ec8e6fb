import { countElements, createTensor, type Tensor } from '../data/tensor.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { createRandomState } from '../random/random-state.ts';
import type { Network } from '../networks/network.ts';
import { describeNetwork } from './describe-network.ts';

/** Where a tensor of a model belongs. */
export type TensorRole = 'parameter' | 'buffer' | 'optimizer';

/** One tensor that a model has. */
export interface StateEntry {
  readonly name: string;
  readonly role: TensorRole;
  readonly tensor: Tensor;
}

/** The name of what an optimizer remembers of a parameter, e.g. `optimizer/exp_avg/model.0.conv.weight`. */
export const optimizerTensorName = (slot: string, parameter: string): string =>
  `optimizer/${slot}/${parameter}`;

/**
 * Everything that training changes: parameters and buffers by PyTorch's names, the optimizer's memory by
 * {@link optimizerTensorName}, and how many steps were made. Two sets of arrays take turns: a step reads one and writes
 * the other, so whoever keeps numbers beyond the next step copies them ({@link ModelState.snapshot}).
 */
export class ModelState {
  /** Chooses the initial weights and the dropout masks. */
  readonly seed: number;
  /** Training steps made. */
  step = 0;
  readonly #roles = new Map<string, TensorRole>();
  readonly #current = new Map<string, Tensor>();
  readonly #spare = new Map<string, Tensor>();

  constructor(seed: number, entries: Iterable<StateEntry>) {
    this.seed = seed;
    for (const { name, role, tensor } of entries) {
      if (this.#roles.has(name)) throw new Error(`"${name}" is there twice`);
      this.#roles.set(name, role);
      this.#current.set(name, tensor);
    }
  }

  /** The names of that role, in the order of declaration. */
  names(...roles: readonly TensorRole[]): string[] {
    return [...this.#roles].flatMap(([name, role]) => (roles.includes(role) ? [name] : []));
  }

  /** The tensor as it is now. Throws for an unknown name. */
  get(name: string): Tensor {
    return found(this.#current.get(name), name);
  }

  /** Puts in other numbers, e.g. from a checkpoint. Throws when the name is unknown or the shape differs. */
  set(name: string, tensor: Tensor): void {
    const { shape } = this.get(name);
    if (shape.length !== tensor.shape.length || shape.some((size, axis) => size !== tensor.shape[axis])) {
      throw new RangeError(`"${name}" has the shape [${shape.join(', ')}], not [${tensor.shape.join(', ')}]`);
    }
    this.#current.set(name, { shape, data: tensor.data.slice() });
  }

  /** Arrays of the same shape to write the next numbers of `name` into. */
  spare(name: string): Tensor {
    const known = this.#spare.get(name);
    if (known !== undefined) return known;
    const { shape, data } = this.get(name);
    const made = createTensor(shape, new Float32Array(data.length));
    this.#spare.set(name, made);
    return made;
  }

  /** Makes what was written into the spare tensors current, and counts a step. */
  advance(names: Iterable<string>): void {
    for (const name of names) {
      const next = this.spare(name);
      this.#spare.set(name, this.get(name));
      this.#current.set(name, next);
    }
    this.step++;
  }

  /** Copies of the tensors of these roles, by name; without roles those of the network. */
  snapshot(...roles: readonly TensorRole[]): Map<string, Tensor> {
    const wanted = roles.length === 0 ? (['parameter', 'buffer'] as const) : roles;
    return new Map(
      this.names(...wanted).map((name) => {
        const { shape, data } = this.get(name);
        return [name, { shape, data: data.slice() }];
      }),
    );
  }

  /** Remembers everything as it is now; the returned function puts it back. */
  hold(): () => void {
    const { step } = this;
    const kept = this.snapshot('parameter', 'buffer', 'optimizer');
    return () => {
      for (const [name, tensor] of kept) this.set(name, tensor);
      this.step = step;
    };
  }

  /** How many numbers training changes through gradients. */
  countParameters(): number {
    return this.names('parameter').reduce((sum, name) => sum + this.get(name).data.length, 0);
  }
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The model has no tensor "${name}"`);
  return value;
}

/**
 * The state that training starts from: weights as PyTorch initialises its layers, drawn in the order of declaration from
 * one Mersenne Twister with `seed` (an integer in [0, 2^32)), so a pure function of network, optimizer and seed.
 *
 * @param optimizer left out for a model that is only applied
 */
export function createModelState(network: Network, seed: number, optimizer?: Optimizer): ModelState {
  const { parameters, buffers } = describeNetwork(network);
  const random = createRandomState(seed);
  const entries: StateEntry[] = [];
  for (const { name, shape, initializer } of parameters) {
    entries.push({ name, role: 'parameter', tensor: createTensor(shape, initializer(shape, random)) });
  }
  for (const { name, shape, fill } of buffers) {
    const data = new Float32Array(countElements(shape)).fill(fill);
    entries.push({ name, role: 'buffer', tensor: createTensor(shape, data) });
  }
  for (const parameter of optimizer === undefined ? [] : parameters) {
    for (const [slot, shape] of Object.entries(optimizer!.stateShapes(parameter.shape))) {
      const tensor = createTensor(shape, new Float32Array(countElements(shape)));
      entries.push({ name: optimizerTensorName(slot, parameter.name), role: 'optimizer', tensor });
    }
  }
  return new ModelState(seed, entries);
}

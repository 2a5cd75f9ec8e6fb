import type { Shape, Value } from '../graph/value.ts';
import type { Initializer } from './initializers.ts';

/** A tensor of the network that training changes through its gradient. */
export interface Parameter {
  readonly name: string;
  readonly initializer: Initializer;
  readonly value: Value;
}

/** A tensor of the network that training changes without a gradient, such as running statistics. */
export interface Buffer {
  readonly name: string;
  /** What every element starts with. */
  readonly fill: number;
  readonly value: Value;
  /** What the buffer becomes after a training step; undefined where the step leaves it alone. */
  update?: Value;
}

/** Makes a declared tensor: an input of the graph while training, a constant in an exported model. */
export type TensorSupply = (name: string, shape: Shape) => Value;

/** All tensors of a network, in the order in which the network declared them. */
export interface NetworkTensors {
  readonly parameters: Map<string, Parameter>;
  readonly buffers: Map<string, Buffer>;
}

/**
 * Where a part of a network declares its tensors: a prefix within the names of the whole. Names are those of
 * PyTorch's state dict (`model.0.conv.unit0.conv.weight`), so that weights can be exchanged, and depend on the network's
 * arguments alone, not on image sizes or on whether the graph trains.
 */
export class ParameterScope {
  readonly tensors: NetworkTensors;
  readonly #supply: TensorSupply;
  readonly #prefix: string;

  /** The scope of a whole network; `supply` says what a declared tensor is in the graph. */
  constructor(
    supply: TensorSupply,
    tensors: NetworkTensors = { parameters: new Map(), buffers: new Map() },
    prefix = '',
  ) {
    this.#supply = supply;
    this.tensors = tensors;
    this.#prefix = prefix;
  }

  /** The scope of a part: `conv` within `model.0` is `model.0.conv`. Dots may join several names. */
  child(name: string): ParameterScope {
    return new ParameterScope(this.#supply, this.tensors, `${this.#prefix}${name}.`);
  }

  /** Declares a parameter. Throws when the name is taken. */
  parameter(name: string, shape: Shape, initializer: Initializer): Value {
    const fullName = this.#prefix + name;
    const value = this.#declare(fullName, shape);
    this.tensors.parameters.set(fullName, { name: fullName, initializer, value });
    return value;
  }

  /** Declares a buffer. Throws when the name is taken. */
  buffer(name: string, shape: Shape, fill: number): Value {
    const fullName = this.#prefix + name;
    const value = this.#declare(fullName, shape);
    this.tensors.buffers.set(fullName, { name: fullName, fill, value });
    return value;
  }

  /** Says what a buffer of this scope becomes after the step. */
  updateBuffer(name: string, update: Value): void {
    const buffer = this.tensors.buffers.get(this.#prefix + name);
    if (buffer === undefined) throw new Error(`There is no buffer "${this.#prefix}${name}"`);
    buffer.update = update;
  }

  #declare(fullName: string, shape: Shape): Value {
    const { parameters, buffers } = this.tensors;
    if (parameters.has(fullName) || buffers.has(fullName)) throw new Error(`"${fullName}" is declared twice`);
    return this.#supply(fullName, shape);
  }
}

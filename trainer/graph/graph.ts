import { createHash } from 'node:crypto';
import type { Attributes } from './attribute.ts';
import { formatShape, sizeOf } from './shape.ts';
import type { DType, GraphBuilder, GraphNode, Shape, TensorData, TensorType, Value } from './value.ts';

/** Domain of operations that exist only while building: each is written as the nodes of its body. */
export const COMPOSITE_DOMAIN = 'outerloop';

/** A constant and its numbers. */
export interface Constant {
  readonly value: Value;
  readonly data: TensorData;
}

/** A graph under construction: inputs, constants, nodes and named outputs. */
export class Graph implements GraphBuilder {
  readonly inputs: Value[] = [];
  readonly outputs = new Map<string, Value>();
  readonly constants = new Map<Value, Constant>();
  readonly #nodes: GraphNode[] = [];
  readonly #producers = new Map<Value, GraphNode>();
  readonly #constantsByContent = new Map<string, Value>();
  readonly #scalars = new Map<number, Value>();
  #open = this.#nodes;
  #count = 0;

  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  input(name: string, shape: Shape, dtype: DType = 'float32'): Value {
    if (this.inputs.some((input) => input.name === name)) throw new Error(`input "${name}" is there already`);
    const value = this.#value(name, { dtype, shape });
    this.inputs.push(value);
    return value;
  }

  constant(data: TensorData, shape: Shape, dtype: DType = dtypeOf(data)): Value {
    if (data.length !== sizeOf(shape))
      throw new Error(`a constant of shape ${formatShape(shape)} cannot hold ${data.length} numbers`);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const content = `${dtype}${formatShape(shape)}${createHash('sha256').update(bytes).digest('base64')}`;
    const known = this.#constantsByContent.get(content);
    if (known !== undefined) return known;
    const value = this.#value(this.#nextName('constant'), { dtype, shape });
    this.#constantsByContent.set(content, value);
    this.constants.set(value, { value, data: data.slice() });
    return value;
  }

  scalar(number: number): Value {
    const known = this.#scalars.get(number);
    if (known !== undefined) return known;
    const value = this.constant(Float32Array.of(number), []);
    this.#scalars.set(number, value);
    return value;
  }

  node(
    opType: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    outputs: readonly TensorType[],
    domain = '',
  ): Value[] {
    this.#checkOwner(opType, inputs);
    const name = this.#nextName(opType);
    const values = outputs.map((type, index) => this.#value(index === 0 ? name : `${name}:${index}`, type));
    this.#add({ name, opType, domain, inputs: [...inputs], outputs: values, attributes });
    return values;
  }

  composite(
    opType: string,
    inputs: readonly Value[],
    attributes: Attributes,
    build: () => readonly Value[],
  ): Value[] {
    this.#checkOwner(opType, inputs);
    const name = this.#nextName(opType);
    const outer = this.#open;
    const body: GraphNode[] = [];
    this.#open = body;
    let outputs: Value[];
    try {
      outputs = [...build()];
    } finally {
      this.#open = outer;
    }
    const made = new Set(body.flatMap((node) => node.outputs));
    if (!outputs.every((value) => made.has(value)))
      throw new Error(`${opType}: an output of a composite must be made by one of its own nodes`);
    this.#add({ name, opType, domain: COMPOSITE_DOMAIN, inputs: [...inputs], outputs, attributes, body });
    return outputs;
  }

  output(name: string, value: Value): void {
    if (this.outputs.has(name)) throw new Error(`output "${name}" is there already`);
    this.#checkOwner(`output "${name}"`, [value]);
    this.outputs.set(name, value);
  }

  producerOf(value: Value): GraphNode | undefined {
    return this.#producers.get(value);
  }

  dataOf(value: Value): TensorData | undefined {
    return this.constants.get(value)?.data;
  }

  #add(node: GraphNode): void {
    this.#open.push(node);
    for (const value of node.outputs) this.#producers.set(value, node);
  }

  #value(name: string, { dtype, shape }: TensorType): Value {
    if (!shape.every((size) => Number.isInteger(size) && size >= 0))
      throw new Error(`"${name}": ${formatShape(shape)} is not a shape`);
    return { graph: this, name, dtype, shape: [...shape] };
  }

  #nextName(stem: string): string {
    return `${stem}_${this.#count++}`;
  }

  #checkOwner(what: string, values: readonly (Value | undefined)[]): void {
    for (const value of values)
      if (value !== undefined && value.graph !== this)
        throw new Error(`${what}: "${value.name}" is of another graph`);
  }
}

function dtypeOf(data: TensorData): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof BigInt64Array) return 'int64';
  return data instanceof Int32Array ? 'int32' : 'uint8';
}

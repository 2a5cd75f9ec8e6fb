import type { Attributes } from './attribute.ts';

/** Element types that a graph may hold. */
export type DType = 'float32' | 'int64' | 'int32' | 'bool' | 'uint8';

/** Sizes, outermost axis first; `[]` is a single number. Always known while the graph is built. */
export type Shape = readonly number[];

/** Numbers of a tensor, row-major. `bool` is held as 0 and 1. */
export type TensorData = Float32Array | BigInt64Array | Int32Array | Uint8Array;

/** What is known of a tensor before it is computed. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A tensor in a graph: an input, a constant or an output of a node. */
export interface Value extends TensorType {
  readonly graph: GraphBuilder;
  readonly name: string;
}

/** One operation of a graph. */
export interface GraphNode {
  /** Unique within the graph, e.g. `Conv_12`. */
  readonly name: string;
  readonly opType: string;
  /** `''` for ONNX's own operators, `com.microsoft` for ONNX Runtime's, `outerloop` for {@link GraphBuilder.composite}. */
  readonly domain: string;
  /** `undefined` where an optional input is left out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
  /** What a composite consists of: these nodes are written to the model in its place. */
  readonly body?: readonly GraphNode[];
}

/** What an operator, a gradient or a network may do with a graph. The one implementation is `Graph`. */
export interface GraphBuilder {
  /** Nodes in the order in which they were added, which is a topological order. A composite counts as one. */
  readonly nodes: readonly GraphNode[];
  /** A tensor that is fed at every run. Throws when the name is taken. */
  input(name: string, shape: Shape, dtype?: DType): Value;
  /** A tensor that never changes. Equal ones are shared. The element type follows the array unless it is said. */
  constant(data: TensorData, shape: Shape, dtype?: DType): Value;
  /** A float32 constant of shape `[]`. */
  scalar(number: number): Value;
  /** Adds one operation. The caller vouches for the output types: operators in `ops/` infer them. */
  node(
    opType: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    outputs: readonly TensorType[],
    domain?: string,
  ): Value[];
  /**
   * Groups the nodes that `build` adds under one name. Differentiation sees a single operation with that name and
   * looks for its gradient; the model holds the nodes themselves.
   */
  composite(
    opType: string,
    inputs: readonly Value[],
    attributes: Attributes,
    build: () => readonly Value[],
  ): Value[];
  /** Names a value that every run returns. Throws when the name is taken by another output. */
  output(name: string, value: Value): void;
  /** The node that makes the value; `undefined` for inputs and constants. */
  producerOf(value: Value): GraphNode | undefined;
  /** The numbers of a constant; `undefined` for any other value. */
  dataOf(value: Value): TensorData | undefined;
}

import type { Graph } from '../graph/graph.ts';
import { liveNodes } from '../graph/live-nodes.ts';
import { sizeOf } from '../graph/shape.ts';
import type { DType, GraphNode, TensorType, Value } from '../graph/value.ts';

/** Memory that a graph needs when it is run node by node, in bytes. */
export interface GraphMemory {
  /** What is fed, and what every run returns: held by this program, beside what the run needs. */
  readonly heldBytes: number;
  /** Most that is alive at one time of a run. */
  readonly peakBytes: number;
}

const ELEMENT_BYTES: Readonly<Record<DType, number>> = { float32: 4, int64: 8, int32: 4, bool: 1, uint8: 1 };

/** Operators whose output is its input under another shape, or may be written over an input that nobody needs any more. */
const IN_PLACE = new Set([
  ...['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity'],
  ...['Add', 'Sub', 'Mul', 'Div', 'Neg', 'Abs', 'Sqrt', 'Exp', 'Log', 'Reciprocal'],
  ...['Relu', 'Sigmoid', 'Tanh', 'Elu', 'LeakyRelu', 'Softplus', 'Clip'],
]);

const bytesOf = ({ dtype, shape }: TensorType): number => sizeOf(shape) * ELEMENT_BYTES[dtype];

/**
 * Follows a run of the graph node by node, as ONNX Runtime's sequential executor does: an output is allocated when its node
 * runs and freed behind the last node that reads it, unless it can take the place of an input. Give the graph that is run,
 * with its lowerings. What the arena needs beyond that is for {@link estimateBytes} to add.
 */
export function followMemory(graph: Graph): GraphMemory {
  const nodes = liveNodes(graph);
  const lasting = new Set<Value>([...graph.inputs, ...graph.constants.keys(), ...graph.outputs.values()]);
  const readers = countReaders(nodes);
  let live = 0;
  let peak = 0;
  // Values that lie in the same memory are freed together, by their root.
  const rootOf = new Map<Value, Value>();
  const holders = new Map<Value, number>();
  const release = (value: Value): void => {
    const left = (readers.get(value) ?? 0) - 1;
    readers.set(value, left);
    if (left > 0 || lasting.has(value)) return;
    const root = rootOf.get(value)!;
    const held = holders.get(root)! - 1;
    holders.set(root, held);
    if (held === 0) live -= bytesOf(root);
  };
  for (const node of nodes) {
    for (const [index, output] of node.outputs.entries()) {
      const place = index === 0 ? findPlace(node, output, lasting, readers) : undefined;
      const root = place === undefined ? output : rootOf.get(place)!;
      rootOf.set(output, root);
      holders.set(root, (holders.get(root) ?? 0) + 1);
      if (place === undefined && !lasting.has(output)) live += bytesOf(output);
    }
    peak = Math.max(peak, live);
    for (const input of new Set(node.inputs)) if (input !== undefined && rootOf.has(input)) release(input);
    for (const output of node.outputs) if (!readers.has(output) && !lasting.has(output)) release(output);
  }
  const heldBytes = [...lasting].reduce((sum, value) => sum + bytesOf(value), 0);
  return { heldBytes, peakBytes: peak };
}

/** How many nodes read each value. */
function countReaders(nodes: readonly GraphNode[]): Map<Value, number> {
  const readers = new Map<Value, number>();
  for (const node of nodes)
    for (const input of new Set(node.inputs))
      if (input !== undefined) readers.set(input, (readers.get(input) ?? 0) + 1);
  return readers;
}

/** The input whose memory the output takes, where nothing else needs it. */
function findPlace(
  { opType, inputs }: GraphNode,
  output: Value,
  lasting: ReadonlySet<Value>,
  readers: ReadonlyMap<Value, number>,
): Value | undefined {
  if (!IN_PLACE.has(opType) || lasting.has(output)) return undefined;
  return inputs.find(
    (input) =>
      input !== undefined &&
      !lasting.has(input) &&
      readers.get(input) === 1 &&
      bytesOf(input) === bytesOf(output) &&
      input.dtype === output.dtype,
  );
}

/** Between what a step was measured to take at least and at most. */
export interface MemoryEstimate {
  readonly leastBytes: number;
  readonly mostBytes: number;
}

/**
 * What a process needs for a graph beyond what it has before: by bench/memory (UNet and SegResNet, 2-D and 3-D, of 0.1 to 1 GiB) 1.0
 * to 1.8 times the sum of the parts below. The rest is the arena: it grows by doubling, and its pieces do not always fit.
 */
export function estimateBytes({ heldBytes, peakBytes }: GraphMemory): MemoryEstimate {
  const leastBytes = 50 * 2 ** 20 + 1.5 * heldBytes + 1.1 * peakBytes;
  return { leastBytes, mostBytes: 1.8 * leastBytes };
}

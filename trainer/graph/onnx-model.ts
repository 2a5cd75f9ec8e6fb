import type { Attribute } from './attribute.ts';
import { ELEMENT_TYPES } from './element-types.ts';
import type { Constant, Graph } from './graph.ts';
import { liveNodes } from './live-nodes.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import type { GraphNode, TensorType, Value } from './value.ts';

/** IR version 10 and opset 21 (ONNX 1.16): the newest whose operators all have CPU kernels in ONNX Runtime 1.30. */
const IR_VERSION = 10;
const ONNX_OPSET = 21;
/** Domains of ONNX Runtime's own operators have had one version only. */
const OTHER_OPSET = 1;

/** Numbers of AttributeProto.AttributeType in onnx.proto. */
const ATTRIBUTE_TYPES: Record<Attribute['kind'], number> = { float: 1, int: 2, string: 3, ints: 7 };

/** Per input or output, a name for every axis whose size is left open: the same name, the same size. */
export type FreeSizes = Readonly<Record<string, readonly (string | undefined)[]>>;

export interface SerializeOptions {
  /** Default: every size is the one that the graph was built for. Open sizes hold only if no node depends on them. */
  readonly freeSizes?: FreeSizes;
}

/**
 * The graph as an ONNX file (a ModelProto). Nodes and constants that no output needs are left out; inputs are all
 * kept, so a model asks for the same feeds whatever of it is used. Field numbers are those of onnx.proto.
 */
export function serializeModel(graph: Graph, { freeSizes = {} }: SerializeOptions = {}): Uint8Array {
  const writer = new ProtobufWriter();
  writer.integer(1, IR_VERSION).string(2, 'outerloop');
  const live = keepLive(graph);
  writer.message(7, (graphWriter) => writeGraph(graphWriter, graph, live, freeSizes));
  for (const domain of new Set(['', ...live.nodes.map((node) => node.domain)])) {
    const version = domain === '' ? ONNX_OPSET : OTHER_OPSET;
    writer.message(8, (opset) => opset.string(1, domain).integer(2, version));
  }
  return writer.finish();
}

interface Live {
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Constant[];
}

function writeGraph(
  writer: ProtobufWriter,
  graph: Graph,
  { nodes, constants }: Live,
  freeSizes: FreeSizes,
): void {
  const { nameOf, copies } = nameOutputs(graph);
  for (const node of nodes) writer.message(1, (nested) => writeNode(nested, node, nameOf));
  for (const { from, to } of copies)
    writer.message(1, (nested) =>
      nested.string(1, from).string(2, to).string(3, `copy ${to}`).string(4, 'Identity'),
    );
  writer.string(2, 'outerloop');
  for (const constant of constants) writer.message(5, (nested) => writeTensor(nested, constant));
  for (const input of graph.inputs)
    writer.message(11, (nested) => writeValueInfo(nested, input.name, input, freeSizes[input.name]));
  for (const [name, value] of graph.outputs)
    writer.message(12, (nested) => writeValueInfo(nested, name, value, freeSizes[name]));
}

/** The nodes and constants that an output depends on, in the order of the graph. */
function keepLive(graph: Graph): Live {
  const nodes = liveNodes(graph);
  const needed = new Set([...graph.outputs.values(), ...nodes.flatMap(({ inputs }) => inputs)]);
  return { nodes, constants: [...graph.constants.values()].filter(({ value }) => needed.has(value)) };
}

/**
 * A value made by a node takes the name of its first output. Further names of it, and outputs that are inputs or
 * constants, become copies.
 */
function nameOutputs(graph: Graph): {
  nameOf: (value: Value) => string;
  copies: { from: string; to: string }[];
} {
  const renamed = new Map<Value, string>();
  const copies: { from: string; to: string }[] = [];
  const nameOf = (value: Value): string => renamed.get(value) ?? value.name;
  for (const [name, value] of graph.outputs) {
    if (graph.inputs.some((input) => input.name === name))
      throw new Error(`"${name}" names both an input and an output`);
    if (graph.producerOf(value) !== undefined && !renamed.has(value)) renamed.set(value, name);
    else copies.push({ from: nameOf(value), to: name });
  }
  return { nameOf, copies };
}

function writeNode(writer: ProtobufWriter, node: GraphNode, nameOf: (value: Value) => string): void {
  for (const input of node.inputs) writer.string(1, input === undefined ? '' : nameOf(input));
  for (const output of node.outputs) writer.string(2, nameOf(output));
  writer.string(3, node.name).string(4, node.opType);
  for (const [name, attribute] of Object.entries(node.attributes))
    writer.message(5, (nested) => writeAttribute(nested, name, attribute));
  writer.string(7, node.domain);
}

function writeAttribute(writer: ProtobufWriter, name: string, attribute: Attribute): void {
  writer.string(1, name);
  if (attribute.kind === 'float') writer.float(2, attribute.value);
  if (attribute.kind === 'int') writer.integer(3, attribute.value);
  if (attribute.kind === 'string') writer.string(4, attribute.value);
  if (attribute.kind === 'ints') for (const value of attribute.value) writer.integer(8, value);
  writer.integer(20, ATTRIBUTE_TYPES[attribute.kind]);
}

function writeTensor(writer: ProtobufWriter, { value, data }: Constant): void {
  writer.integers(1, value.shape).integer(2, ELEMENT_TYPES[value.dtype]).string(8, value.name);
  writer.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValueInfo(
  writer: ProtobufWriter,
  name: string,
  type: TensorType,
  freeSizes: readonly (string | undefined)[] = [],
): void {
  writer.string(1, name).message(2, (typeProto) =>
    typeProto.message(1, (tensor) =>
      tensor.integer(1, ELEMENT_TYPES[type.dtype]).message(2, (shape) => {
        type.shape.forEach((size, axis) => {
          const symbol = freeSizes[axis];
          shape.message(1, (dimension) =>
            symbol === undefined ? dimension.integer(1, size) : dimension.string(2, symbol),
          );
        });
      }),
    ),
  );
}

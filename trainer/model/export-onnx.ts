import type { Graph } from '../graph/graph.ts';
import { serializeModel, type FreeSizes } from '../graph/onnx-model.ts';
import type { GraphNode, Shape, Value } from '../graph/value.ts';
import type { Network } from '../networks/network.ts';
import type { ModelState } from './model-state.ts';
import { buildPredictGraph } from './predictor.ts';

/** Operators that hold the sizes of their input as numbers. */
const SIZE_BOUND = new Set(['Reshape', 'Expand', 'Slice', 'Tile']);

/**
 * The network with its weights as a standalone ONNX file: input `image` (batch, channel, ...spatial), output `logits`.
 * Batch and spatial sizes are open where the network allows it, as UNet does (multiples of its divisor); else they are
 * those of `shape`, usually one window of the sliding window.
 */
export function exportOnnx(network: Network, state: ModelState, shape: Shape): Uint8Array {
  const { graph } = buildPredictGraph(network, shape, (built) => (name, tensorShape) => {
    return built.constant(state.get(name).data, tensorShape);
  });
  return serializeModel(graph, dependsOnSizes(graph) ? {} : { freeSizes: openSizes(shape) });
}

function openSizes(shape: Shape): FreeSizes {
  const names = shape.map((_, axis) => (axis === 0 ? 'batch' : axis === 1 ? undefined : `size_${axis - 2}`));
  return { image: names, logits: names };
}

/** True when a node that works on the image would not work on one of another size. */
function dependsOnSizes(graph: Graph): boolean {
  const varying = new Set<Value | undefined>(graph.inputs);
  const visit = (node: GraphNode): boolean => {
    if (!node.inputs.some((input) => varying.has(input))) return false;
    for (const output of node.outputs) varying.add(output);
    return node.body === undefined ? SIZE_BOUND.has(node.opType) : node.body.some(visit);
  };
  return graph.nodes.some(visit);
}

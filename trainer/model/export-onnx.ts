import { serializeModel } from '../graph/onnx-model.ts';
import type { Shape } from '../graph/value.ts';
import type { Network } from '../networks/network.ts';
import type { ModelState } from './model-state.ts';
import { buildPredictGraph } from './predictor.ts';

/**
 * The network with its weights as a standalone ONNX file: input `image` of the given shape (batch, channel, ...spatial),
 * output `logits`. All sizes are fixed, so `shape` is usually one window of the sliding window.
 */
export function exportOnnx(network: Network, state: ModelState, shape: Shape): Uint8Array {
  const { graph } = buildPredictGraph(network, shape, (built) => (name, tensorShape) => {
    return built.constant(state.get(name).data, tensorShape);
  });
  return serializeModel(graph);
}

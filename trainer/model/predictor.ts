import { createTensor, type Tensor } from '../data/tensor.ts';
import type { Provider } from '../execution-provider.ts';
import { Graph } from '../graph/graph.ts';
import { serializeModel } from '../graph/onnx-model.ts';
import type { Shape } from '../graph/value.ts';
import { DropoutMasks } from '../networks/dropout-masks.ts';
import { assertImageShape, type Network } from '../networks/network.ts';
import { ParameterScope, type TensorSupply } from '../networks/parameter-scope.ts';
import { lowerForDevice } from '../lower-for-device.ts';
import { createSession } from '../session.ts';
import type { ModelState } from './model-state.ts';
import { toHostTensor } from './train-step.ts';

/** A network for images of one shape, and what it runs on. */
export interface PredictorOptions {
  readonly network: Network;
  /** (batch, channel, ...spatial) */
  readonly shape: Shape;
  /** Threads within an operator; the same number gives the same bits. */
  readonly threads: number;
  /** Default: the CPU. */
  readonly provider?: Provider;
}

/** Applies a network: no dropout, running statistics. */
export interface Predictor {
  /** Images of the shape that the predictor was made for, to logits (batch, class, ...spatial). */
  predict(state: ModelState, images: Tensor): Promise<Tensor>;
  dispose(): Promise<void>;
}

/** Builds the network for application: input `image`, output `logits`. */
export function buildPredictGraph(network: Network, shape: Shape, supply: (graph: Graph) => TensorSupply) {
  assertImageShape(network, shape);
  const graph = new Graph();
  const image = graph.input('image', shape);
  const scope = new ParameterScope(supply(graph));
  const logits = network.build(image, { scope, training: false, dropout: new DropoutMasks(graph) });
  graph.output('logits', logits);
  return { graph, outputShape: logits.shape };
}

/** Builds the network for images of one shape and loads it. */
export async function createPredictor({ network, shape, ...options }: PredictorOptions): Promise<Predictor> {
  const { graph, outputShape } = buildPredictGraph(
    network,
    shape,
    (built) => (name, tensorShape) => built.input(name, tensorShape),
  );
  const lowered = await lowerForDevice(options.provider, graph);
  const session = await createSession(serializeModel(lowered), options);
  const tensorNames = session.inputNames.filter((name) => name !== 'image');
  return {
    async predict(state, images) {
      const feeds = Object.fromEntries(tensorNames.map((name) => [name, toHostTensor(state.get(name))]));
      const { logits } = await session.run({ image: toHostTensor(images), ...feeds });
      return createTensor(outputShape, logits.data as Float32Array);
    },
    dispose: () => session.dispose(),
  };
}

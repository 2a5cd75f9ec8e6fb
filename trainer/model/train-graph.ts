import { differentiate } from '../autodiff/differentiate.ts';
import { Graph } from '../graph/graph.ts';
import type { Shape, Value } from '../graph/value.ts';
import type { Loss } from '../losses/loss.ts';
import { DropoutMasks } from '../networks/dropout-masks.ts';
import { assertImageShape, type Network } from '../networks/network.ts';
import { ParameterScope, type NetworkTensors } from '../networks/parameter-scope.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { optimizerTensorName } from './model-state.ts';

/** What one training step consists of. */
export interface TrainGraphOptions {
  readonly network: Network;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** (batch, channel, ...spatial) */
  readonly imageShape: Shape;
  /** (batch, 1 or classes, ...spatial) */
  readonly labelShape: Shape;
  /** Also give the logits that the loss was computed from. Default false. */
  readonly wantPrediction?: boolean;
}

/** The graph of a training step: forward, backward and update. */
export interface TrainGraph {
  readonly graph: Graph;
  readonly masks: DropoutMasks;
  /** The tensors of the model that the step reads. */
  readonly tensors: readonly string[];
  /** Those of them that it changes. */
  readonly changed: readonly string[];
  readonly predictionShape: Shape;
}

/** The name of the output that holds what the model's tensor of that name becomes. */
export const nextName = (name: string): string => `next/${name}`;
/** The name of the input for a scalar of the optimizer. */
export const scalarName = (name: string): string => `scalar/${name}`;

/**
 * Builds a training step. Inputs: `image`, `label`, the tensors of the model by name, the optimizer's scalars and the
 * dropout masks. Outputs: `loss`, what each tensor becomes, and `prediction` if wanted.
 */
export function buildTrainGraph(options: TrainGraphOptions): TrainGraph {
  const { network, imageShape, labelShape } = options;
  assertImageShape(network, imageShape);
  const graph = new Graph();
  const masks = new DropoutMasks(graph);
  const scope = new ParameterScope((name, shape) => graph.input(name, shape));
  const image = graph.input('image', imageShape);
  const label = graph.input('label', labelShape);

  const prediction = network.build(image, { scope, training: true, dropout: masks });
  const loss = options.loss(prediction, label);
  graph.output('loss', loss);
  if (options.wantPrediction) graph.output('prediction', prediction);
  const trained = addUpdates(graph, loss, scope.tensors, options.optimizer);
  const changed = [...trained, ...addBufferUpdates(graph, scope.tensors)];
  const tensors = [...trained, ...scope.tensors.buffers.keys()];
  return { graph, masks, tensors, changed, predictionShape: prediction.shape };
}

function addUpdates(
  graph: Graph,
  loss: Value,
  { parameters }: NetworkTensors,
  optimizer: Optimizer,
): string[] {
  const scalars = Object.fromEntries(
    Object.keys(optimizer.scalarsAt(1, 1)).map((name) => [name, graph.input(scalarName(name), [])]),
  );
  const values = [...parameters.values()].map(({ value }) => value);
  const gradients = differentiate(loss, values);
  return values.flatMap((parameter, index) => {
    const slots = Object.entries(optimizer.stateShapes(parameter.shape));
    const state = Object.fromEntries(
      slots.map(([slot, shape]) => [slot, graph.input(optimizerTensorName(slot, parameter.name), shape)]),
    );
    const update = optimizer.apply(parameter, gradients[index], state, scalars);
    graph.output(nextName(parameter.name), update.parameter);
    for (const [slot] of slots) {
      graph.output(nextName(optimizerTensorName(slot, parameter.name)), update.state[slot]);
    }
    return [parameter.name, ...slots.map(([slot]) => optimizerTensorName(slot, parameter.name))];
  });
}

function addBufferUpdates(graph: Graph, { buffers }: NetworkTensors): string[] {
  return [...buffers.values()].flatMap(({ name, update }) => {
    if (update === undefined) return [];
    graph.output(nextName(name), update);
    return [name];
  });
}

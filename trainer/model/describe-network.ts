import { Graph } from '../graph/graph.ts';
import type { Shape } from '../graph/value.ts';
import { DropoutMasks } from '../networks/dropout-masks.ts';
import type { Initializer } from '../networks/initializers.ts';
import type { Network } from '../networks/network.ts';
import { ParameterScope } from '../networks/parameter-scope.ts';

/** The tensors of a network, in the order in which it declares them. */
export interface NetworkDescription {
  readonly parameters: readonly {
    readonly name: string;
    readonly shape: Shape;
    readonly initializer: Initializer;
  }[];
  readonly buffers: readonly { readonly name: string; readonly shape: Shape; readonly fill: number }[];
}

/** Builds the network once, for the smallest image that leaves several voxels at its deepest level, and looks at it. */
export function describeNetwork(network: Network): NetworkDescription {
  const graph = new Graph();
  const scope = new ParameterScope((name, shape) => graph.input(name, shape));
  const image = graph.input('image', [1, network.inChannels, ...network.divisibleBy.map((size) => size * 2)]);
  network.build(image, { scope, training: false, dropout: new DropoutMasks(graph) });
  const { parameters, buffers } = scope.tensors;
  return {
    parameters: [...parameters.values()].map(({ name, value, initializer }) => ({
      name,
      shape: value.shape,
      initializer,
    })),
    buffers: [...buffers.values()].map(({ name, value, fill }) => ({ name, shape: value.shape, fill })),
  };
}

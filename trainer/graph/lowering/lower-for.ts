import type { Provider } from '../../execution-provider.ts';
import type { Graph } from '../graph.ts';
import { CPU_LOWERINGS } from './cpu/index.ts';
import { lowerGraph } from './lower-graph.ts';

/** The graph as the device computes it best: on the CPU (the default) with its lowerings, elsewhere as it is. */
export function lowerFor(provider: Provider | undefined, graph: Graph): Graph {
  return provider === undefined || provider.name === 'cpu' ? lowerGraph(graph, CPU_LOWERINGS) : graph;
}

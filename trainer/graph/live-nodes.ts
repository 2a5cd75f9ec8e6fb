import type { Graph } from './graph.ts';
import type { GraphNode, Value } from './value.ts';

/** The nodes that an output depends on, in the order of the graph, composites replaced by their bodies. */
export function liveNodes(graph: Graph): readonly GraphNode[] {
  const needed = new Set<Value | undefined>(graph.outputs.values());
  const live: GraphNode[] = [];
  for (const node of [...flatten(graph.nodes)].reverse()) {
    if (!node.outputs.some((value) => needed.has(value))) continue;
    live.push(node);
    for (const value of node.inputs) needed.add(value);
  }
  return live.reverse();
}

function* flatten(nodes: readonly GraphNode[]): Generator<GraphNode> {
  for (const node of nodes) {
    if (node.body === undefined) yield node;
    else yield* flatten(node.body);
  }
}

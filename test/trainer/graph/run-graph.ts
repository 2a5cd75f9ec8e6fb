import { serializeModel } from '../../../trainer/graph/onnx-model.ts';
import type { Graph } from '../../../trainer/graph/graph.ts';
import type { TensorData, Value } from '../../../trainer/graph/value.ts';
import { createSession, type HostTensor } from '../../../trainer/session.ts';

export type Feeds = readonly (readonly [Value, TensorData])[];

/** What a session takes for some inputs. */
export const toFeeds = (feeds: Feeds): Record<string, HostTensor> =>
  Object.fromEntries(feeds.map(([{ name, dtype, shape }, data]) => [name, { dtype, shape, data }]));

/** Runs a graph once and checks that what comes out has the shapes and types that were inferred. */
export async function runGraph(graph: Graph, feeds: Feeds): Promise<Record<string, HostTensor>> {
  const session = await createSession(serializeModel(graph), { threads: 1 });
  try {
    const results = await session.run(toFeeds(feeds));
    for (const [name, value] of graph.outputs) {
      const { dtype, shape } = results[name];
      if (dtype !== value.dtype || String(shape) !== String(value.shape))
        throw new Error(`"${name}" is ${dtype}[${shape}], but ${value.dtype}[${value.shape}] was inferred`);
    }
    return results;
  } finally {
    await session.dispose();
  }
}

/** The numbers of one value of a graph without inputs that still are to be fed. */
export async function evaluate(value: Value, feeds: Feeds = []): Promise<number[]> {
  const graph = value.graph as Graph;
  graph.output('result', value);
  const { result } = await runGraph(graph, feeds);
  return Array.from(result.data as ArrayLike<number | bigint>, Number);
}

import type { Tensor } from '../../trainer/data/tensor.ts';
import type { Graph } from '../../trainer/graph/graph.ts';
import { serializeModel } from '../../trainer/graph/onnx-model.ts';
import { createSession, type HostTensor } from '../../trainer/session.ts';

/** A float32 tensor as a session takes it. */
export const toHost = ({ shape, data }: Tensor): HostTensor => ({ dtype: 'float32', shape, data });

/** Runs a graph once; every input and output is float32. */
export async function runGraph(
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, Tensor>>> {
  const session = await createSession(serializeModel(graph), { threads: 1 });
  try {
    const hosts = Object.entries(feeds).map(([name, tensor]) => [name, toHost(tensor)]);
    return (await session.run(Object.fromEntries(hosts))) as Record<string, Tensor>;
  } finally {
    await session.dispose();
  }
}

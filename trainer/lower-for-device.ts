import type { Provider } from './execution-provider.ts';
import { reorderInput } from './graph/lowering/cpu/blocked-conv.ts';
import { lowerForCpu } from './graph/lowering/cpu/lower-for-cpu.ts';
import { Graph } from './graph/graph.ts';
import { serializeModel } from './graph/onnx-model.ts';
import { createSession } from './session.ts';

/** The graph as the device computes it best: on the CPU (the default) with its lowerings, elsewhere as it is. */
export async function lowerForDevice(provider: Provider | undefined, graph: Graph): Promise<Graph> {
  if (provider !== undefined && provider.name !== 'cpu') return graph;
  return lowerForCpu(graph, await findBlockSize());
}

let blockSize: Promise<number | undefined> | undefined;

/**
 * How many channels ONNX Runtime's direct convolution kernels take as one block on this machine (8 with AVX2, 16 with
 * AVX-512); undefined where it has none. Found by reordering two voxels: the second one follows the first one's block.
 */
export const findBlockSize = (): Promise<number | undefined> => (blockSize ??= probeBlockSize());

/** More channels than a block has on any machine. */
const CHANNELS = 64;

async function probeBlockSize(): Promise<number | undefined> {
  const graph = new Graph();
  graph.output('blocked', reorderInput(graph.input('image', [1, CHANNELS, 1, 2])));
  const data = Float32Array.from({ length: 2 * CHANNELS }, (_, at) => at);
  try {
    const session = await createSession(serializeModel(graph), { threads: 1 });
    const { blocked } = await session.run({ image: { dtype: 'float32', shape: [1, CHANNELS, 1, 2], data } });
    await session.dispose();
    const size = (blocked.data as Float32Array).indexOf(1);
    return size > 1 && size < CHANNELS ? size : undefined;
  } catch {
    return undefined;
  }
}

import ort from 'onnxruntime-node';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { chooseProvider, deviceFault, type Provider } from './execution-provider.ts';
import { sizeOf } from './graph/shape.ts';
import type { DType, Shape, TensorData } from './graph/value.ts';

/** A tensor in memory of this process. `bool` is held as 0 and 1. */
export interface HostTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TensorData;
}

export type HostTensors = Readonly<Record<string, HostTensor>>;

/** How a model is run. */
export interface SessionOptions {
  /** Threads within an operator. The same number gives the same bits. */
  readonly threads: number;
  /** Default: the CPU. */
  readonly provider?: Provider;
  /** Write a profile per operator (Chrome trace JSON) to `<prefix>_<time>.json` when the session is disposed of. */
  readonly profile?: { readonly filePrefix: string };
}

/** A loaded model. Runs block the event loop; one run at a time. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * One pass. `feeds` must hold every input. Outputs that `into` names are written into its arrays, which must not be
   * those of a feed; the others come in new arrays.
   */
  run(feeds: HostTensors, into?: HostTensors): Promise<Record<string, HostTensor>>;
  dispose(): Promise<void>;
}

/** Loads a model (the bytes of an ONNX file). Throws a fault `unknown-device` when its provider cannot be had. */
export async function createSession(model: Uint8Array, options: SessionOptions): Promise<Session> {
  const provider = chooseProvider(options.provider);
  const session = await loadModel(model, provider, options);
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds, into = {}) {
      checkNames(session, feeds, into);
      const fetches: Record<string, Tensor | null> = {};
      for (const name of session.outputNames) fetches[name] = name in into ? toOrt(name, into[name]) : null;
      const results = await session.run(mapTensors(feeds), fetches);
      return Object.fromEntries(
        session.outputNames.map((name) => [name, name in into ? into[name] : toHost(results[name])]),
      );
    },
    async dispose() {
      if (options.profile !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

/**
 * What was measured (step of a UNet 16-32-64 with 48x64x48 voxels, CPU): planning memory by pattern takes no less time
 * (within 3 %) and 30 to 45 % more memory at the peak; without the arena it is as fast too, but allocations then vary.
 * Flushing denormals to zero gains about 3 %, but ONNX Runtime sets it on the calling thread, where it changes the
 * arithmetic of JavaScript as well. One operator at a time: a training graph is one long chain.
 */
async function loadModel(
  model: Uint8Array,
  provider: Provider,
  options: SessionOptions,
): Promise<InferenceSession> {
  const settings: InferenceSession.SessionOptions = {
    executionProviders: [
      provider.gpu === undefined ? provider.name : { name: provider.name, deviceId: provider.gpu },
    ],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    enableMemPattern: false,
    enableCpuMemArena: true,
    logSeverityLevel: 3,
    ...(options.profile && { enableProfiling: true, profileFilePrefix: options.profile.filePrefix }),
  };
  try {
    return await ort.InferenceSession.create(model, settings);
  } catch (error) {
    if (provider.name === 'cpu') throw error;
    throw deviceFault(provider, error instanceof Error ? error.message : String(error));
  }
}

function checkNames(session: InferenceSession, feeds: HostTensors, into: HostTensors): void {
  const missing = session.inputNames.filter((name) => !(name in feeds));
  if (missing.length > 0) throw new Error(`no tensor was fed for ${missing.join(', ')}`);
  const unknownInputs = Object.keys(feeds).filter((name) => !session.inputNames.includes(name));
  if (unknownInputs.length > 0) throw new Error(`the model has no input ${unknownInputs.join(', ')}`);
  const unknownOutputs = Object.keys(into).filter((name) => !session.outputNames.includes(name));
  if (unknownOutputs.length > 0) throw new Error(`the model has no output ${unknownOutputs.join(', ')}`);
  const fed = new Set(Object.values(feeds).map(({ data }) => data));
  const overwriting = Object.keys(into).filter((name) => fed.has(into[name].data));
  if (overwriting.length > 0) throw new Error(`an output would overwrite a feed: ${overwriting.join(', ')}`);
}

const mapTensors = (tensors: HostTensors): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toOrt(name, tensor)]));

function toOrt(name: string, { dtype, shape, data }: HostTensor): Tensor {
  if (data.length !== sizeOf(shape))
    throw new Error(`"${name}": a tensor of shape [${shape.join(', ')}] cannot hold ${data.length} numbers`);
  return new ort.Tensor(dtype, data, shape);
}

const toHost = ({ type, dims, data }: Tensor): HostTensor => ({
  dtype: type as DType,
  shape: dims,
  data: data as TensorData,
});

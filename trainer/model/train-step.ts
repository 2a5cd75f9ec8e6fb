import type { Provider } from '../execution-provider.ts';
import { serializeModel } from '../graph/onnx-model.ts';
import { lowerForDevice } from '../lower-for-device.ts';
import { createSession, type HostTensor, type HostTensors } from '../session.ts';
import { createTensor, type Tensor } from '../data/tensor.ts';
import type { ModelState } from './model-state.ts';
import { buildTrainGraph, nextName, scalarName, type TrainGraphOptions } from './train-graph.ts';

/** What a step is, and what it runs on. */
export interface TrainStepOptions extends TrainGraphOptions {
  /** Threads within an operator; the same number gives the same bits. */
  readonly threads: number;
  /** Default: the CPU. */
  readonly provider?: Provider;
  /** Writes the time per operator to `<prefix>_<time>.json` when the step is disposed of. */
  readonly profile?: { readonly filePrefix: string };
}

/** Images (batch, channel, ...spatial) and labels (batch, 1 or classes, ...spatial) of one step. */
export interface TrainBatch {
  readonly image: Tensor;
  readonly label: Tensor;
}

/** What came of a step. */
export interface TrainResult {
  /** May be no finite number; the state is then as useless as the loss. */
  readonly loss: number;
  /** The logits before the update, (batch, class, ...spatial), where they were wanted. */
  readonly prediction?: Tensor;
}

/** Forward, backward and update for one batch shape, in one run of one graph. */
export interface TrainStep {
  /** Takes batches of the shapes that the step was made for. Changes `state` in place: tensors and count of steps. */
  run(state: ModelState, batch: TrainBatch, learningRate: number): Promise<TrainResult>;
  dispose(): Promise<void>;
}

/** A tensor of the model as a session takes it. */
export const toHostTensor = ({ shape, data }: Tensor): HostTensor => ({ dtype: 'float32', shape, data });

/** Builds the graph of the step and loads it. */
export async function createTrainStep(options: TrainStepOptions): Promise<TrainStep> {
  const { optimizer } = options;
  const { graph, masks, tensors, changed, predictionShape } = buildTrainGraph(options);
  const lowered = await lowerForDevice(options.provider, graph);
  const session = await createSession(serializeModel(lowered), options);

  const feedsOf = (state: ModelState, { image, label }: TrainBatch, learningRate: number): HostTensors => ({
    image: toHostTensor(image),
    label: toHostTensor(label),
    ...Object.fromEntries(tensors.map((name) => [name, toHostTensor(state.get(name))])),
    ...Object.fromEntries(
      Object.entries(optimizer.scalarsAt(state.step + 1, learningRate)).map(([name, value]) => [
        scalarName(name),
        toHostTensor({ shape: [], data: Float32Array.of(value) }),
      ]),
    ),
    ...masks.draw(state.seed, state.step + 1),
  });

  return {
    async run(state, batch, learningRate) {
      const into = Object.fromEntries(
        changed.map((name) => [nextName(name), toHostTensor(state.spare(name))]),
      );
      const outputs = await session.run(feedsOf(state, batch, learningRate), into);
      state.advance(changed);
      const loss = outputs.loss.data[0] as number;
      if (!options.wantPrediction) return { loss };
      return { loss, prediction: createTensor(predictionShape, outputs.prediction.data as Float32Array) };
    },
    dispose: () => session.dispose(),
  };
}

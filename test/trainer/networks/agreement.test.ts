import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../trainer/autodiff/differentiate.ts';
import type { Tensor } from '../../../trainer/data/tensor.ts';
import { Graph } from '../../../trainer/graph/graph.ts';
import { serializeModel } from '../../../trainer/graph/onnx-model.ts';
import { multiply, reduceMean } from '../../../trainer/graph/ops/index.ts';
import { sizeOf } from '../../../trainer/graph/shape.ts';
import { lowerForDevice } from '../../../trainer/lower-for-device.ts';
import { DropoutMasks } from '../../../trainer/networks/dropout-masks.ts';
import type { Network } from '../../../trainer/networks/network.ts';
import { ParameterScope } from '../../../trainer/networks/parameter-scope.ts';
import { networkRegistry } from '../../../trainer/networks/registry.ts';
import { createSession, type HostTensors } from '../../../trainer/session.ts';
import {
  formulaInput,
  formulaWeights,
  readMonaiNumbers,
  relativeDifference,
  statisticsDifference,
  statisticsOf,
  type Statistics,
} from '../monai-numbers.ts';

interface NetworkNumbers {
  readonly params: readonly (readonly [string, readonly number[]])[];
  readonly input: readonly number[];
  readonly train_out: { readonly shape: readonly number[]; readonly data: readonly number[] } | Statistics;
  readonly loss: number;
  readonly grad: Readonly<Record<string, Statistics>>;
  readonly eval_out: Statistics;
  readonly eval_first: readonly number[];
  readonly buffers: Readonly<Record<string, readonly number[]>>;
}

const small = { spatial_dims: 3, in_channels: 1, out_channels: 2, channels: [2, 4, 8], strides: [2, 2] };
const cases = [
  { file: 'unet-res2-instance', name: 'UNet', args: { ...small, num_res_units: 2 } },
  { file: 'unet-res1-batch', name: 'UNet', args: { ...small, num_res_units: 1, norm: 'batch' } },
  { file: 'unet-res0', name: 'UNet', args: { ...small, out_channels: 3 } },
  { file: 'unet2d-res2', name: 'UNet', args: { ...small, spatial_dims: 2, num_res_units: 2 } },
  {
    file: 'segresnet',
    name: 'SegResNet',
    args: { blocks_down: [1, 2, 2], blocks_up: [1, 1], init_filters: 8 },
  },
];

const NOISE = 1e-5;
const largestOf = ({ min, max }: Statistics): number => Math.max(-min, max);
const host = ({ shape, data }: Tensor) => ({ dtype: 'float32', shape, data }) as const;

/** As the graph is built, and as the CPU computes it. */
const forms = { built: (graph: Graph) => graph, lowered: (graph: Graph) => lowerForDevice(undefined, graph) };
type Form = keyof typeof forms;
const bothForms = Object.keys(forms) as Form[];

/** Builds the network, with mean(y * sin(0.3 i)) and its gradients when it trains, and runs it once. */
async function runOnce(network: Network, form: Form, training: boolean, image: Tensor, tensors: HostTensors) {
  const graph = new Graph();
  const scope = new ParameterScope((name, shape) => graph.input(name, shape));
  const y = network.build(graph.input('image', image.shape), {
    scope,
    training,
    dropout: new DropoutMasks(graph),
  });
  graph.output('y', y);
  if (training) {
    const target = Float32Array.from({ length: sizeOf(y.shape) }, (_, i) => Math.sin(0.3 * i));
    const loss = reduceMean(multiply(y, graph.constant(target, y.shape)));
    graph.output('loss', loss);
    const parameters = [...scope.tensors.parameters.values()];
    const gradients = differentiate(
      loss,
      parameters.map(({ value }) => value),
    );
    parameters.forEach(({ name }, index) => graph.output(`gradient/${name}`, gradients[index]));
    for (const { name, update } of scope.tensors.buffers.values()) graph.output(`next/${name}`, update!);
  }
  const session = await createSession(serializeModel(await forms[form](graph)), { threads: 1 });
  const feeds = Object.fromEntries(
    session.inputNames.map((name) => [name, name === 'image' ? host(image) : tensors[name]]),
  );
  const outputs = await session.run(feeds);
  await session.dispose();
  return { outputs: outputs as Readonly<Record<string, Tensor>>, scope };
}

describe.each(cases)('$file agrees with MONAI 0.8.1', ({ file, name, args }) => {
  const numbers = readMonaiNumbers<NetworkNumbers>(file);
  const network = networkRegistry.create(name, args);
  const image = formulaInput(numbers.input);
  const weights = Object.fromEntries(
    numbers.params.map(([parameter, shape], k) => [parameter, host(formulaWeights(parameter, shape, k))]),
  );

  it.each(bothForms)(
    'in training, %s: parameters, output, loss, gradients, running statistics',
    async (form) => {
      const started = Object.fromEntries(
        Object.entries(numbers.buffers).map(([buffer, values]) => {
          const shape = buffer.endsWith('num_batches_tracked') ? [] : [values.length];
          const fill = buffer.endsWith('running_var') ? 1 : 0;
          return [buffer, host({ shape, data: new Float32Array(values.length).fill(fill) })];
        }),
      );
      const { outputs, scope } = await runOnce(network, form, true, image, { ...weights, ...started });

      const declared = [...scope.tensors.parameters.values()].map((parameter) => [
        parameter.name,
        parameter.value.shape,
      ]);
      expect(declared).toEqual(numbers.params);
      expect(outputs.y.shape).toEqual(numbers.train_out.shape);
      if ('data' in numbers.train_out) {
        expect(relativeDifference(outputs.y.data, numbers.train_out.data)).toBeLessThan(1e-4);
      } else {
        expect(statisticsDifference(statisticsOf(outputs.y), numbers.train_out)).toBeLessThan(1e-4);
      }
      expect(Math.abs(outputs.loss.data[0] - numbers.loss)).toBeLessThan(
        1e-4 * Math.abs(numbers.loss) + 1e-7,
      );

      expect(Object.keys(numbers.grad)).toHaveLength(numbers.params.length);
      const largest = Math.max(...Object.values(numbers.grad).map(largestOf));
      const different = Object.entries(numbers.grad).filter(([parameter, expected]) => {
        const gradient = statisticsOf(outputs[`gradient/${parameter}`]);
        // The bias ahead of a normalisation has no effect: all that anyone computes for its gradient is rounding noise.
        if (largestOf(expected) < NOISE * largest) return largestOf(gradient) > NOISE * largest;
        return statisticsDifference(gradient, expected) > 1e-4;
      });
      expect(different).toEqual([]);

      for (const [buffer, values] of Object.entries(numbers.buffers)) {
        expect(relativeDifference(outputs[`next/${buffer}`].data, values)).toBeLessThan(1e-4);
      }
    },
  );

  it.each(bothForms)('in evaluation, %s', async (form) => {
    const buffers = Object.fromEntries(
      Object.entries(numbers.buffers).map(([buffer, values]) => {
        const shape = buffer.endsWith('num_batches_tracked') ? [] : [values.length];
        return [buffer, host({ shape, data: Float32Array.from(values) })];
      }),
    );
    const { outputs } = await runOnce(network, form, false, image, { ...weights, ...buffers });
    expect(statisticsDifference(statisticsOf(outputs.y), numbers.eval_out)).toBeLessThan(1e-4);
    expect(relativeDifference(outputs.y.data.subarray(0, 16), numbers.eval_first)).toBeLessThan(1e-4);
  });
});

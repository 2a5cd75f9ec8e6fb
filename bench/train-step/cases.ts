import { readFileSync } from 'node:fs';
import { createTensor } from '../../trainer/data/tensor.ts';
import { lossRegistry } from '../../trainer/losses/registry.ts';
import type { Loss } from '../../trainer/losses/loss.ts';
import type { TrainBatch } from '../../trainer/model/train-step.ts';
import { networkRegistry } from '../../trainer/networks/registry.ts';
import type { Network } from '../../trainer/networks/network.ts';
import { optimizerRegistry } from '../../trainer/optimizers/registry.ts';
import type { Optimizer } from '../../trainer/optimizers/optimizer.ts';
import { createRandomState } from '../../trainer/random/random-state.ts';

/** A network, a loss and a batch to time a training step with. Both programs of the bench read them from cases.json. */
export interface BenchCase {
  readonly title: string;
  readonly channels: readonly number[];
  readonly strides: readonly number[];
  readonly classes: number;
  readonly batch: number;
  readonly size: readonly number[];
  readonly loss: 'DiceLoss' | 'DiceCELoss';
  readonly learningRate: number;
}

/** The cases by name. */
export const benchCases = JSON.parse(
  readFileSync(new URL('cases.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, BenchCase>>;

/** What a case trains. */
export interface Training {
  readonly network: Network;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
}

/** The case as our trainer builds it: UNet with two residual units, instance norm and PReLU; Adam. */
export function createTraining({
  channels,
  strides,
  classes,
  loss,
  learningRate,
  size,
}: BenchCase): Training {
  return {
    network: networkRegistry.create('UNet', {
      spatial_dims: size.length,
      in_channels: 1,
      out_channels: classes,
      channels,
      strides,
      num_res_units: 2,
    }),
    loss: lossRegistry.create(loss, { to_onehot_y: true, softmax: true }),
    optimizer: optimizerRegistry.create('Adam', { lr: learningRate }),
  };
}

/** Noise, and as its label which of the classes' ranges each voxel lies in: something to learn. Always the same. */
export function createBatch({ batch, size, classes }: BenchCase): TrainBatch {
  const random = createRandomState(1);
  const shape = [batch, 1, ...size];
  const image = new Float32Array(shape.reduce((product, length) => product * length, 1));
  for (let at = 0; at < image.length; at++) image[at] = random.random();
  const label = image.map((value) => Math.min(classes - 1, Math.floor(value * classes)));
  return { image: createTensor(shape, image), label: createTensor(shape, label) };
}

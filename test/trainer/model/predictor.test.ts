import { describe, expect, it } from 'vitest';
import { createModelState, type ModelState } from '../../../trainer/model/model-state.ts';
import { exportOnnx } from '../../../trainer/model/export-onnx.ts';
import { createPredictor } from '../../../trainer/model/predictor.ts';
import { createPredictorPool, createTrainStepPool } from '../../../trainer/model/step-pool.ts';
import { networkRegistry } from '../../../trainer/networks/registry.ts';
import { createSession } from '../../../trainer/session.ts';
import { formulaInput, relativeDifference } from '../monai-numbers.ts';
import { toHost } from '../run-graph.ts';
import { adam, diceCE, toyBatch, toyUNet } from './toy.ts';

/** A state whose running statistics are not those that it started with. */
async function trainedState(network: ReturnType<typeof toyUNet>): Promise<ModelState> {
  const optimizer = adam();
  const step = createTrainStepPool({ network, loss: diceCE(), optimizer, threads: 1 });
  const state = createModelState(network, 2, optimizer);
  for (let index = 0; index < 3; index++) await step.run(state, toyBatch(), 0.01);
  await step.dispose();
  return state;
}

describe('a predictor', () => {
  it('gives the same logits for images alone and side by side, since it trains no longer', async () => {
    const network = toyUNet({ norm: 'batch', dropout: 0.5 });
    const state = await trainedState(network);
    const pool = createPredictorPool({ network, threads: 1 });
    const { image } = toyBatch(2);
    const both = await pool.predict(state, image);
    const alone = await pool.predict(state, { shape: [1, 1, 8, 8, 8], data: image.data.slice(0, 512) });
    expect(both.shape).toEqual([2, 2, 8, 8, 8]);
    expect(relativeDifference(alone.data, both.data.subarray(0, 1024))).toBeLessThan(1e-5);
    await pool.dispose();
  });

  it('says which sizes the network can take', async () => {
    const options = { network: toyUNet({ channels: [2, 4, 8], strides: [2, 2] }), threads: 1 };
    await expect(createPredictor({ ...options, shape: [1, 1, 8, 8, 10] })).rejects.toThrow(
      'UNet: The network cannot shrink images of 8 x 8 x 10 evenly. Allowed: multiples of 4 x 4 x 4',
    );
    await expect(createPredictor({ ...options, shape: [1, 2, 8, 8, 8] })).rejects.toThrow(
      'UNet.in_channels: The network takes 1 channels, the images have 2',
    );
    await expect(createPredictor({ ...options, shape: [1, 1, 8, 8] })).rejects.toThrow(
      'UNet.spatial_dims: The network works on 3 spatial axes, the images have 2',
    );
    await expect(createPredictor({ ...options, shape: [1, 1, 4, 4, 4] })).rejects.toThrow(
      'a single voxel is left',
    );
  });
});

describe('pools', () => {
  it('train on batches of different shapes with one state', async () => {
    const network = toyUNet();
    const optimizer = adam();
    const step = createTrainStepPool({ network, loss: diceCE(), optimizer, threads: 1 }, 1);
    const state = createModelState(network, 2, optimizer);
    const losses: number[] = [];
    for (const size of [2, 1, 2, 2, 1]) losses.push((await step.run(state, toyBatch(size), 0.01)).loss);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses[3]).toBeLessThan(losses[0]);
    expect(state.step).toBe(5);
    await step.dispose();
  });
});

describe('the exported model', () => {
  it.each([
    ['instance normalisation', {}],
    ['batch normalisation', { norm: 'batch' }],
  ])('gives the logits of the predictor with %s', async (_, args) => {
    const network = toyUNet(args);
    const state = await trainedState(network);
    const image = formulaInput([1, 1, 8, 8, 8]);
    const predictor = await createPredictor({ network, shape: image.shape, threads: 1 });
    const expected = await predictor.predict(state, image);
    await predictor.dispose();

    const session = await createSession(exportOnnx(network, state, image.shape), { threads: 1 });
    expect(session.inputNames).toEqual(['image']);
    const { logits } = await session.run({ image: toHost(image) });
    await session.dispose();
    expect(logits.shape).toEqual([1, 2, 8, 8, 8]);
    expect(relativeDifference(logits.data as Float32Array, expected.data)).toBeLessThan(1e-5);
  });

  it('takes batches and images of other sizes where the network does', async () => {
    const network = toyUNet({ norm: 'batch', channels: [4, 8, 8], strides: [2, 2] });
    const state = createModelState(network, 3);
    const image = formulaInput([2, 1, 8, 12, 16]);
    const predictor = await createPredictor({ network, shape: image.shape, threads: 1 });
    const expected = await predictor.predict(state, image);
    await predictor.dispose();

    const session = await createSession(exportOnnx(network, state, [1, 1, 8, 8, 8]), { threads: 1 });
    const { logits } = await session.run({ image: toHost(image) });
    await session.dispose();
    expect(logits.shape).toEqual([2, 2, 8, 12, 16]);
    expect(relativeDifference(logits.data as Float32Array, expected.data)).toBeLessThan(1e-5);
  });

  it('keeps to the size that it was made for where the network does not', async () => {
    const network = networkRegistry.create('SegResNet', {
      in_channels: 1,
      blocks_down: [1, 1],
      blocks_up: [1],
    });
    const model = exportOnnx(network, createModelState(network, 3), [1, 1, 4, 4, 4]);
    const session = await createSession(model, { threads: 1 });
    const { logits } = await session.run({ image: toHost(formulaInput([1, 1, 4, 4, 4])) });
    expect(logits.shape).toEqual([1, 2, 4, 4, 4]);
    await expect(session.run({ image: toHost(formulaInput([1, 1, 8, 4, 4])) })).rejects.toThrow(
      'Expected: 4',
    );
    await session.dispose();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelState, ModelState, optimizerTensorName } from '../../../trainer/model/model-state.ts';
import { createTrainStep, type TrainStep } from '../../../trainer/model/train-step.ts';
import { optimizerRegistry } from '../../../trainer/optimizers/registry.ts';
import { adam, diceCE, toyBatch, toyUNet } from './toy.ts';

const batch = toyBatch();
const shapes = { imageShape: batch.image.shape, labelShape: batch.label.shape };

function bytesOf(state: ModelState): string {
  return state
    .names('parameter', 'buffer', 'optimizer')
    .map((name) => Buffer.from(new Uint8Array(state.get(name).data.buffer.slice(0))).toString('base64'))
    .join();
}

describe('a training step', () => {
  const network = toyUNet();
  const optimizer = adam();
  let step: TrainStep;
  beforeAll(async () => {
    step = await createTrainStep({
      network,
      loss: diceCE(),
      optimizer,
      ...shapes,
      wantPrediction: true,
      threads: 1,
    });
  });
  afterAll(() => step.dispose());

  it('learns: the loss of a toy case falls below a quarter in 40 steps', async () => {
    const state = createModelState(network, 3, optimizer);
    const losses: number[] = [];
    for (let index = 0; index < 40; index++) losses.push((await step.run(state, batch, 0.01)).loss);
    expect(losses[0]).toBeGreaterThan(0.8);
    expect(losses[39]).toBeLessThan(losses[0] / 4);
    expect(state.step).toBe(40);
  });

  it('is deterministic: the same seed gives the same weights and memory to the bit', async () => {
    const run = async (seed: number): Promise<string> => {
      const state = createModelState(network, seed, optimizer);
      for (let index = 0; index < 3; index++) await step.run(state, batch, 0.01);
      return bytesOf(state);
    };
    const first = await run(7);
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
  });

  it('goes on from a snapshot as if nothing had happened', async () => {
    const straight = createModelState(network, 5, optimizer);
    for (let index = 0; index < 2; index++) await step.run(straight, batch, 0.01);
    const saved = straight.snapshot('parameter', 'buffer', 'optimizer');
    await step.run(straight, batch, 0.01);

    const resumed = createModelState(network, 5, optimizer);
    for (const [name, tensor] of saved) resumed.set(name, tensor);
    resumed.step = 2;
    await step.run(resumed, batch, 0.01);
    expect(bytesOf(resumed)).toBe(bytesOf(straight));
  });

  it('does not move with a learning rate of 0, and gives the logits before the update', async () => {
    const state = createModelState(network, 5, optimizer);
    const before = state.snapshot();
    const first = await step.run(state, batch, 0);
    expect(state.snapshot()).toEqual(before);
    expect(first.prediction!.shape).toEqual([2, 2, 8, 8, 8]);
    const second = await step.run(state, batch, 0.01);
    expect(second.prediction!.data).toEqual(first.prediction!.data);
    expect(state.snapshot()).not.toEqual(before);
  });

  it('gives a loss that is no number as it is', async () => {
    const state = createModelState(network, 5, optimizer);
    const image = { ...batch.image, data: batch.image.data.map(() => NaN) };
    expect((await step.run(state, { ...batch, image }, 0.01)).loss).toBeNaN();
  });
});

describe('gradients through the whole network', () => {
  it('agree with finite differences of the loss', async () => {
    const network = toyUNet({ channels: [2, 4], act: ['ELU', {}] });
    // A step of plain descent with rate 1 leaves parameter - gradient.
    const optimizer = optimizerRegistry.create('SGD', { lr: 1 });
    const step = await createTrainStep({ network, loss: diceCE(), optimizer, ...shapes, threads: 1 });
    const start = createModelState(network, 11, optimizer).snapshot();
    const lossAt = async (name: string, at: number, shift: number) => {
      const state = createModelState(network, 11, optimizer);
      const data = start.get(name)!.data.slice();
      data[at] += shift;
      state.set(name, { shape: start.get(name)!.shape, data });
      return (await step.run(state, batch, 0)).loss;
    };
    const state = createModelState(network, 11, optimizer);
    await step.run(state, batch, 1);
    const checked = state.names('parameter').filter((name) => name.endsWith('weight'));
    expect(checked.length).toBeGreaterThan(5);
    for (const name of checked) {
      const gradients = start.get(name)!.data.map((value, at) => value - state.get(name).data[at]);
      const at = gradients.reduce(
        (best, value, index) => (Math.abs(value) > Math.abs(gradients[best]) ? index : best),
        0,
      );
      const slope = ((await lossAt(name, at, 0.01)) - (await lossAt(name, at, -0.01))) / 0.02;
      expect(Math.abs(slope - gradients[at])).toBeLessThan(2e-3 * Math.abs(gradients[at]) + 2e-5);
    }
    await step.dispose();
  });
});

describe('a training step with batch normalisation and dropout', () => {
  const network = toyUNet({ norm: 'batch', dropout: 0.3 });
  const optimizer = adam();
  const options = { network, loss: diceCE(), optimizer, ...shapes, wantPrediction: true, threads: 1 };

  it('updates running statistics, and draws the same masks for the same seed and step', async () => {
    const step = await createTrainStep(options);
    const run = async (seed: number, done: number) => {
      const state = createModelState(network, 4, optimizer);
      const dropping = new ModelState(
        seed,
        state.names('parameter', 'buffer', 'optimizer').map((name) => ({
          name,
          role: name.startsWith('optimizer/')
            ? 'optimizer'
            : state.names('buffer').includes(name)
              ? 'buffer'
              : 'parameter',
          tensor: state.get(name),
        })),
      );
      dropping.step = done;
      const { prediction } = await step.run(dropping, batch, 0);
      return { prediction: prediction!.data, state: dropping };
    };
    const first = await run(1, 0);
    expect((await run(1, 0)).prediction).toEqual(first.prediction);
    expect((await run(1, 1)).prediction).not.toEqual(first.prediction);
    expect((await run(2, 0)).prediction).not.toEqual(first.prediction);
    expect(first.state.get('model.0.conv.unit0.adn.N.num_batches_tracked').data[0]).toBe(1);
    expect(first.state.get('model.0.conv.unit0.adn.N.running_mean').data.every((mean) => mean !== 0)).toBe(
      true,
    );
    await step.dispose();
  });
});

describe('the state of a model', () => {
  it('has the sizes of Adam and Novograd, and counts parameters', () => {
    const network = toyUNet();
    const name = 'model.0.conv.unit0.conv.weight';
    const state = createModelState(network, 0, adam());
    expect(state.get(optimizerTensorName('exp_avg', name)).shape).toEqual([4, 1, 3, 3, 3]);
    const novograd = createModelState(network, 0, optimizerRegistry.create('Novograd', {}));
    expect(novograd.get(optimizerTensorName('exp_avg_sq', name)).shape).toEqual([]);
    expect(state.countParameters()).toBe(createModelState(network, 0).countParameters());
  });

  it('refuses unknown names, other shapes and doubles', () => {
    const state = createModelState(toyUNet(), 0);
    expect(() => state.get('model.9')).toThrow('The model has no tensor "model.9"');
    const name = 'model.0.conv.unit0.conv.bias';
    expect(() => state.set(name, { shape: [5], data: new Float32Array(5) })).toThrow(
      `"${name}" has the shape [4], not [5]`,
    );
    const entry = { name: 'a', role: 'parameter', tensor: state.get(name) } as const;
    expect(() => new ModelState(0, [entry, entry])).toThrow('"a" is there twice');
  });
});

import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../trainer/autodiff/differentiate.ts';
import { createTensor, type Tensor } from '../../../trainer/data/tensor.ts';
import { Graph } from '../../../trainer/graph/graph.ts';
import { serializeModel } from '../../../trainer/graph/onnx-model.ts';
import { add, multiply, reduceSum, slice } from '../../../trainer/graph/ops/index.ts';
import { sizeOf } from '../../../trainer/graph/shape.ts';
import { optimizerRegistry } from '../../../trainer/optimizers/registry.ts';
import { createSession } from '../../../trainer/session.ts';
import { readMonaiNumbers } from '../monai-numbers.ts';
import { toHost } from '../run-graph.ts';

const cases: readonly (readonly [string, string, object])[] = [
  ['novograd_default', 'Novograd', {}],
  ['novograd_lr.1_wd.01_ga', 'Novograd', { lr: 0.1, weight_decay: 0.01, grad_averaging: true }],
  ['novograd_ams', 'Novograd', { lr: 0.1, amsgrad: true }],
  ['adam_2e-4', 'Adam', { lr: 2e-4 }],
  ['adam_lr.1', 'Adam', { lr: 0.1 }],
  ['adamw_lr.1', 'AdamW', { lr: 0.1 }],
  ['sgd_m.9_nesterov', 'SGD', { lr: 0.01, momentum: 0.9, nesterov: true }],
];

/** Minimises 0.1 (step + 1) sum w^2 + sum (w[0] b) + sum b^3 over w (2 x 2) and b (2), as the fixture did. */
async function descend(name: string, args: object, steps: number): Promise<number[][]> {
  const optimizer = optimizerRegistry.create(name, args);
  const graph = new Graph();
  const w = graph.input('w', [2, 2]);
  const b = graph.input('b', [2]);
  const factor = graph.input('factor', []);
  const cube = multiply(b, multiply(b, b));
  const firstRow = slice(w, { starts: [0], ends: [1], axes: [0] });
  const loss = add(
    add(multiply(reduceSum(multiply(w, w)), factor), reduceSum(multiply(firstRow, b))),
    reduceSum(cube),
  );
  const scalars = Object.fromEntries(
    Object.keys(optimizer.scalarsAt(1, 1)).map((key) => [key, graph.input(key, [])]),
  );
  const gradients = differentiate(loss, [w, b]);
  const tensors: Record<string, Tensor> = {
    w: createTensor([2, 2], Float32Array.of(1, -2, 0.5, 3)),
    b: createTensor([2], Float32Array.of(0.1, -0.2)),
  };
  [w, b].forEach((parameter, index) => {
    const shapes = Object.entries(optimizer.stateShapes(parameter.shape));
    const state = Object.fromEntries(
      shapes.map(([slot, shape]) => {
        tensors[`${slot}.${parameter.name}`] = createTensor(shape, new Float32Array(sizeOf(shape)));
        return [slot, graph.input(`${slot}.${parameter.name}`, shape)];
      }),
    );
    const update = optimizer.apply(parameter, gradients[index], state, scalars);
    graph.output(`next ${parameter.name}`, update.parameter);
    for (const [slot] of shapes) graph.output(`next ${slot}.${parameter.name}`, update.state[slot]);
  });

  const session = await createSession(serializeModel(graph), { threads: 1 });
  const trajectory: number[][] = [];
  for (let step = 1; step <= steps; step++) {
    const numbers = { ...optimizer.scalarsAt(step, optimizer.learningRate), factor: step * 0.1 };
    const feeds = Object.entries({
      ...tensors,
      ...Object.fromEntries(
        Object.entries(numbers).map(([key, n]) => [key, createTensor([], Float32Array.of(n))]),
      ),
    }).map(([key, tensor]) => [key, toHost(tensor)]);
    const outputs = (await session.run(Object.fromEntries(feeds))) as Record<string, Tensor>;
    for (const key of Object.keys(tensors)) tensors[key] = outputs[`next ${key}`];
    trajectory.push([...tensors.w.data, ...tensors.b.data]);
  }
  await session.dispose();
  return trajectory;
}

const largestDifference = (a: readonly number[][], b: readonly number[][]): number =>
  Math.max(...a.flatMap((row, step) => row.map((value, index) => Math.abs(value - b[step][index]))));

describe('optimizers agree with PyTorch and MONAI 0.8.1', () => {
  const { trajectories } = readMonaiNumbers<{ trajectories: Record<string, number[][]> }>('optimizers');

  it('covers every trajectory that there are numbers for', () => {
    expect(cases.map(([key]) => key).sort()).toEqual(Object.keys(trajectories).sort());
  });

  it.each(cases)('%s', async (key, name, args) => {
    const own = await descend(name, args, 5);
    expect(own).toHaveLength(trajectories[key].length);
    expect(largestDifference(own, trajectories[key])).toBeLessThan(1e-6);
  });
});

describe('arguments of optimizers', () => {
  it('SGD: plain steps go against the gradient, weight decay adds the parameter to it', async () => {
    // gradient of w[1][0] = 0.5 at step 1: 2 * 0.1 * 0.5 = 0.1
    const [plain] = await descend('SGD', { lr: 0.1 }, 1);
    const [decayed] = await descend('SGD', { lr: 0.1, weight_decay: 0.5 }, 1);
    expect(plain[2]).toBeCloseTo(0.5 - 0.1 * 0.1, 6);
    expect(decayed[2]).toBeCloseTo(0.5 - 0.1 * (0.1 + 0.25), 6);
  });

  it('SGD: the first step is not dampened, the second is', async () => {
    const [first, second] = await descend('SGD', { lr: 0.1, momentum: 0.5, dampening: 0.2 }, 2);
    expect(first[2]).toBeCloseTo(0.5 - 0.1 * 0.1, 6);
    const gradient = 2 * 0.2 * first[2];
    expect(second[2]).toBeCloseTo(first[2] - 0.1 * (0.5 * 0.1 + 0.8 * gradient), 6);
  });

  it('Adam: amsgrad never lets the second moment fall, so its steps are no longer than without', async () => {
    const args = { lr: 0.1, betas: [0.5, 0.1] };
    const plain = await descend('Adam', args, 5);
    const ams = await descend('Adam', { ...args, amsgrad: true }, 5);
    expect(ams[0]).toEqual(plain[0]);
    expect(largestDifference(ams, plain)).toBeGreaterThan(1e-4);
  });

  it('Adam: weight decay goes through the gradient, so the size of the first step stays the learning rate', async () => {
    const [step] = await descend('Adam', { lr: 0.1, weight_decay: 0.5 }, 1);
    expect(step[2]).toBeCloseTo(0.4, 5);
  });

  it('says what is wrong', () => {
    expect(() => optimizerRegistry.create('SGD', {})).toThrow('SGD.lr: The argument "lr" is missing');
    expect(() => optimizerRegistry.create('SGD', { lr: 0.1, nesterov: true })).toThrow(
      'nesterov needs a momentum',
    );
    expect(() => optimizerRegistry.create('Adam', { lr: -1 })).toThrow(
      'Adam.lr: -1 does not fit. Allowed: more than 0',
    );
    expect(() => optimizerRegistry.create('Adam', { betas: [0.9, 1] })).toThrow('Adam.betas');
    expect(() => optimizerRegistry.create('Adamm', {})).toThrow('Did you mean Adam');
  });
});

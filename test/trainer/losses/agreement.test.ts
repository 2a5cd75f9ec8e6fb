import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../trainer/autodiff/differentiate.ts';
import { createTensor, type Tensor } from '../../../trainer/data/tensor.ts';
import { Graph } from '../../../trainer/graph/graph.ts';
import { lossRegistry } from '../../../trainer/losses/registry.ts';
import {
  formulaInput,
  readMonaiNumbers,
  relativeDifference,
  statisticsDifference,
  statisticsOf,
  type Statistics,
} from '../monai-numbers.ts';
import { runGraph } from '../run-graph.ts';

interface LossNumbers {
  readonly values: Readonly<
    Record<string, { readonly loss: number; readonly grad_stats: Statistics; readonly grad_first8: number[] }>
  >;
}

const cases: readonly (readonly [string, string, object])[] = [
  ['dice_softmax_onehot', 'DiceLoss', { softmax: true }],
  ['dice_nobg', 'DiceLoss', { softmax: true, include_background: false }],
  ['dice_batch', 'DiceLoss', { softmax: true, batch: true }],
  ['dice_sq', 'DiceLoss', { softmax: true, squared_pred: true }],
  ['dice_jaccard', 'DiceLoss', { softmax: true, jaccard: true }],
  ['dice_sigmoid', 'DiceLoss', { sigmoid: true }],
  ['dicece', 'DiceCELoss', { softmax: true }],
  ['focal', 'FocalLoss', {}],
  ['focal_g1', 'FocalLoss', { gamma: 1 }],
  ['focal_nobg', 'FocalLoss', { include_background: false }],
  ['dicefocal', 'DiceFocalLoss', { softmax: true }],
  ['gdl', 'GeneralizedDiceLoss', { softmax: true }],
  ['tversky', 'TverskyLoss', { softmax: true, alpha: 0.3, beta: 0.7 }],
];

const logits = formulaInput([2, 3, 4, 4, 4]);
const classes = Float32Array.from({ length: 128 }, (_, i) => (i % 7) % 3);
const label = createTensor([2, 1, 4, 4, 4], classes);

/** The loss and its gradient for the logits. */
async function evaluate(name: string, args: object, x: Tensor, y: Tensor) {
  const graph = new Graph();
  const input = graph.input('logits', x.shape);
  const loss = lossRegistry.create(name, args)(input, graph.input('label', y.shape));
  graph.output('loss', loss);
  graph.output('gradient', differentiate(loss, [input])[0]);
  const { loss: value, gradient } = await runGraph(graph, { logits: x, label: y });
  return { loss: value.data[0], gradient };
}

describe('losses agree with MONAI 0.8.1', () => {
  const { values } = readMonaiNumbers<LossNumbers>('losses');

  it('covers every loss that there are numbers for', () => {
    expect(cases.map(([key]) => key)).toEqual(Object.keys(values));
  });

  it.each(cases)('%s', async (key, name, args) => {
    const { loss, gradient } = await evaluate(name, { to_onehot_y: true, ...args }, logits, label);
    const expected = values[key];
    expect(Math.abs(loss - expected.loss)).toBeLessThan(1e-6);
    expect(statisticsDifference(statisticsOf(gradient), expected.grad_stats)).toBeLessThan(1e-5);
    expect(Math.abs(gradient.data[0] - expected.grad_first8[0])).toBeLessThan(1e-6);
    expect(relativeDifference(gradient.data.subarray(0, 8), expected.grad_first8)).toBeLessThan(1e-5);
  });
});

/** Class numbers as channels. */
function toOneHot(tensor: Tensor, count: number): Tensor {
  const [batch, , ...spatial] = tensor.shape;
  const voxels = tensor.data.length / batch;
  const data = new Float32Array(batch * count * voxels);
  tensor.data.forEach((value, at) => {
    data[(Math.floor(at / voxels) * count + value) * voxels + (at % voxels)] = 1;
  });
  return createTensor([batch, count, ...spatial], data);
}

describe('arguments of losses', () => {
  it.each(cases)('%s is the same for a label that is one-hot already', async (_key, name, args) => {
    const numbers = await evaluate(name, { ...args, to_onehot_y: true }, logits, label);
    const channels = await evaluate(name, { ...args, to_onehot_y: false }, logits, toOneHot(label, 3));
    expect(channels.loss).toBeCloseTo(numbers.loss, 6);
  });

  it('reduction sum adds items and classes, none is averaged', async () => {
    const args = { to_onehot_y: true, softmax: true };
    const mean = (await evaluate('DiceLoss', args, logits, label)).loss;
    expect((await evaluate('DiceLoss', { ...args, reduction: 'sum' }, logits, label)).loss).toBeCloseTo(
      6 * mean,
      5,
    );
    expect((await evaluate('DiceLoss', { ...args, reduction: 'none' }, logits, label)).loss).toBe(mean);
  });

  it('cross entropy weighs by class: twice the weight for all changes nothing, for one it does', async () => {
    const args = { to_onehot_y: true, softmax: true, lambda_dice: 0 };
    const plain = (await evaluate('DiceCELoss', args, logits, label)).loss;
    const even = (await evaluate('DiceCELoss', { ...args, ce_weight: [2, 2, 2] }, logits, label)).loss;
    const only = (await evaluate('DiceCELoss', { ...args, ce_weight: [0, 1, 0] }, logits, label)).loss;
    expect(even).toBeCloseTo(plain, 5);
    expect(only).toBeCloseTo(meanNegativeLog(1), 5);
  });

  it('smooth_nr and smooth_dr enter the fraction', async () => {
    const args = { to_onehot_y: true, softmax: true, include_background: true, reduction: 'sum' };
    const empty = createTensor([1, 2, 2, 2, 2], new Float32Array(16).fill(-100).fill(100, 0, 8));
    const nothing = createTensor([1, 1, 2, 2, 2], new Float32Array(8));
    const { loss } = await evaluate('DiceLoss', { ...args, smooth_nr: 1, smooth_dr: 2 }, empty, nothing);
    expect(loss).toBeCloseTo(1 - 17 / 18 + (1 - 1 / 2), 6);
  });

  it('focal weights are one for all or one per counted class', async () => {
    const args = { to_onehot_y: true, include_background: false };
    const plain = (await evaluate('FocalLoss', args, logits, label)).loss;
    const twice = (await evaluate('FocalLoss', { ...args, weight: 2 }, logits, label)).loss;
    const [first, second] = await Promise.all(
      [
        [1, 0],
        [0, 1],
      ].map(async (weight) => (await evaluate('FocalLoss', { ...args, weight }, logits, label)).loss),
    );
    expect(twice).toBeCloseTo(2 * plain, 6);
    expect(first + second).toBeCloseTo(plain, 6);
  });

  it('a class that is absent gets the largest weight in the generalized Dice loss and no infinity', async () => {
    const absent = createTensor(
      label.shape,
      classes.map((value) => Math.min(value, 1)),
    );
    const { loss, gradient } = await evaluate(
      'GeneralizedDiceLoss',
      { to_onehot_y: true, softmax: true },
      logits,
      absent,
    );
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(1);
    expect(gradient.data.every(Number.isFinite)).toBe(true);
  });

  it('a single channel is compared as it is', async () => {
    const one = formulaInput([1, 1, 4, 4, 4]);
    const binary = createTensor(
      [1, 1, 4, 4, 4],
      Float32Array.from({ length: 64 }, (_, i) => i % 2),
    );
    const args = { sigmoid: true, include_background: false, to_onehot_y: true };
    const { loss } = await evaluate('DiceLoss', args, one, binary);
    const p = Array.from(one.data, (x) => 1 / (1 + Math.exp(-x)));
    const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
    const inBoth = sum(p.filter((_, i) => binary.data[i] === 1));
    expect(loss).toBeCloseTo(1 - (2 * inBoth + 1e-5) / (sum(p) + 32 + 1e-5), 5);
  });

  it('says what does not fit', async () => {
    await expect(evaluate('DiceLoss', { softmax: true }, logits, label)).rejects.toThrow(
      'to_onehot_y: Tensors of one shape are compared, not [2, 3, 4, 4, 4] with [2, 1, 4, 4, 4].',
    );
    await expect(
      evaluate('DiceCELoss', { softmax: true, to_onehot_y: true, ce_weight: [1, 2] }, logits, label),
    ).rejects.toThrow('ce_weight: There are 2 weights for 3 classes.');
    await expect(evaluate('FocalLoss', { to_onehot_y: true, weight: [1, 2] }, logits, label)).rejects.toThrow(
      'There are 2 weights, but 3 classes count.',
    );
    expect(() => lossRegistry.create('DiceLoss', { softmax: true, sigmoid: true })).toThrow(
      'DiceLoss.softmax: sigmoid and softmax exclude each other',
    );
    expect(() => lossRegistry.create('DiceLoss', { softmaxx: true })).toThrow(
      'There is no "softmaxx" here. Did you mean softmax',
    );
    expect(() => lossRegistry.create('DiceLos', {})).toThrow('Did you mean DiceLoss');
  });
});

/** Mean of -log softmax over the voxels of one class, in double precision. */
function meanNegativeLog(wanted: number): number {
  const values: number[] = [];
  for (let item = 0; item < 2; item++) {
    for (let voxel = 0; voxel < 64; voxel++) {
      if (classes[item * 64 + voxel] !== wanted) continue;
      const x = [0, 1, 2].map((channel) => logits.data[(item * 3 + channel) * 64 + voxel]);
      values.push(Math.log(x.reduce((sum, value) => sum + Math.exp(value), 0)) - x[wanted]);
    }
  }
  return values.reduce((a, b) => a + b, 0) / values.length;
}

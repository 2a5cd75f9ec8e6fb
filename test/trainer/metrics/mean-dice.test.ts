import { describe, expect, it } from 'vitest';
import { createTensor, type Tensor } from '../../../trainer/data/tensor.ts';
import { createMeanDice } from '../../../trainer/metrics/mean-dice.ts';
import { reduceScores } from '../../../trainer/metrics/reduce-scores.ts';
import { metricRegistry } from '../../../trainer/metrics/registry.ts';
import { readMonaiNumbers } from '../monai-numbers.ts';

interface DiceNumbers {
  readonly mean: { readonly buf: readonly (readonly (number | null)[])[]; readonly mean: number };
  readonly mean_batch_without_background: readonly number[];
}

const VOXELS = 64;
const predicted = [0, 1].map((item) =>
  Float32Array.from({ length: VOXELS }, (_, i) => ((item * VOXELS + i) % 5) % 3),
);
const labelled = [0, 1].map((item) =>
  Float32Array.from({ length: VOXELS }, (_, i) => ((item * VOXELS + i) % 7) % 2),
);

function oneHot(classes: ArrayLike<number>, count: number): Tensor {
  const data = new Float32Array(count * classes.length);
  for (let voxel = 0; voxel < classes.length; voxel++) data[classes[voxel] * classes.length + voxel] = 1;
  return createTensor([count, classes.length, 1, 1], data);
}

const numbers = readMonaiNumbers<DiceNumbers>('dice-metric');

const addCases = (dice: ReturnType<typeof createMeanDice>): void =>
  predicted.forEach((classes, item) => dice.update(oneHot(classes, 3), oneHot(labelled[item], 3)));

describe('MeanDice agrees with MONAI 0.8.1', () => {
  it('mean over classes, then over cases; undefined where the label has no voxel of a class', () => {
    const dice = createMeanDice({ include_background: true, reduction: 'mean' });
    addCases(dice);
    expect(dice.firstClass).toBe(0);
    dice.perCase().forEach((row, item) =>
      row.forEach((score, index) => {
        const expected = numbers.mean.buf[item][index];
        if (expected === null) expect(score).toBeNaN();
        else expect(Math.abs(score - expected)).toBeLessThan(1e-6);
      }),
    );
    expect(dice.perCase()).toHaveLength(2);
    expect(Math.abs(dice.value()! - numbers.mean.mean)).toBeLessThan(1e-6);
  });

  it('per class without the background', () => {
    const dice = createMeanDice({ include_background: false, reduction: 'mean_batch' });
    addCases(dice);
    const [first, second] = numbers.mean_batch_without_background;
    expect(dice.firstClass).toBe(1);
    const reduced = reduceScores(dice.perCase(), 'mean_batch');
    expect(Math.abs(reduced[0] - first)).toBeLessThan(1e-6);
    expect(reduced[1]).toBe(second);
    expect(dice.value()).toBeCloseTo((first + second) / 2, 6);
    expect(dice.perClass()[0]).toBeCloseTo(first, 6);
    expect(dice.perClass()[1]).toBeNull();
  });
});

describe('MeanDice', () => {
  it('is 1 for a perfect prediction, 0 for a missed class, and no number without cases', () => {
    const dice = createMeanDice({ include_background: true, reduction: 'mean' });
    expect(dice.value()).toBeNull();
    expect(dice.perClass()).toEqual([]);
    dice.update(oneHot([0, 1, 1], 2), oneHot([0, 1, 1], 2));
    expect(dice.value()).toBe(1);
    dice.update(oneHot([0, 0], 2), oneHot([0, 1], 2));
    expect(dice.perCase()).toEqual([
      [1, 1],
      [2 / 3, 0],
    ]);
    expect(dice.perClass()).toEqual([(1 + 2 / 3) / 2, 0.5]);
    dice.reset();
    expect(dice.value()).toBeNull();
  });

  it('is 0 when no class of any case is defined', () => {
    const dice = createMeanDice({ include_background: false, reduction: 'mean' });
    dice.update(oneHot([1, 1], 2), oneHot([0, 0], 2));
    expect(dice.value()).toBe(0);
  });

  it('counts a single channel as a class whatever include_background says', () => {
    const dice = createMeanDice({ include_background: false, reduction: 'mean' });
    dice.update(createTensor([1, 2], Float32Array.of(1, 1)), createTensor([1, 2], Float32Array.of(1, 0)));
    expect(dice.value()).toBeCloseTo(2 / 3, 12);
  });

  it('reduces cases and classes in every way that MONAI has', () => {
    const scores = [
      [0.5, NaN],
      [0.25, 1],
      [NaN, NaN],
    ];
    expect(reduceScores(scores, 'mean')).toEqual([(0.5 + 0.625) / 2]);
    expect(reduceScores(scores, 'sum')).toEqual([1.75]);
    expect(reduceScores(scores, 'mean_batch')).toEqual([0.375, 1]);
    expect(reduceScores(scores, 'sum_batch')).toEqual([0.75, 1]);
    expect(reduceScores(scores, 'mean_channel')).toEqual([0.5, 0.625, 0]);
    expect(reduceScores(scores, 'sum_channel')).toEqual([0.5, 1.25, 0]);
  });

  it('refuses what cannot be compared', () => {
    const dice = metricRegistry.create('MeanDice', { include_background: true });
    expect(() => dice.update(oneHot([0, 1], 2), oneHot([0, 1, 1], 2))).toThrow(
      'not [2, 2, 1, 1] with [2, 3, 1, 1]',
    );
    expect(() => metricRegistry.create('MeanDyce', {})).toThrow('Did you mean MeanDice');
  });
});

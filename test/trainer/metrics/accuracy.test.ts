import { describe, expect, it } from 'vitest';
import { createTensor } from '../../../trainer/data/tensor.ts';
import { metricRegistry } from '../../../trainer/metrics/registry.ts';

const args = { output_transform: "#monai.handlers.from_engine(['pred', 'label'])" };

describe('Accuracy', () => {
  it('is the share of equal elements over all channels and voxels of the epoch', () => {
    const accuracy = metricRegistry.create('Accuracy', args);
    expect(accuracy.value()).toBeNull();
    // Three classes, four voxels, one of them wrong: two of twelve elements differ.
    accuracy.update(
      createTensor([3, 4], Float32Array.of(1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)),
      createTensor([3, 4], Float32Array.of(1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1)),
    );
    expect(accuracy.value()).toBeCloseTo(10 / 12, 12);
    accuracy.update(createTensor([1, 4], new Float32Array(4)), createTensor([1, 4], new Float32Array(4)));
    expect(accuracy.value()).toBeCloseTo(14 / 16, 12);
    accuracy.reset();
    expect(accuracy.value()).toBeNull();
  });

  it('refuses numbers that are neither 0 nor 1, as ignite does', () => {
    const accuracy = metricRegistry.create('Accuracy', {});
    expect(() =>
      accuracy.update(
        createTensor([1, 2], Float32Array.of(0.5, 1)),
        createTensor([1, 2], Float32Array.of(0, 1)),
      ),
    ).toThrow('Accuracy.output_transform: Zeros and ones are compared, not 0.5.');
    expect(() =>
      accuracy.update(
        createTensor([1, 2], Float32Array.of(0, 1)),
        createTensor([2, 1], Float32Array.of(0, 1)),
      ),
    ).toThrow('not [1, 2] with [2, 1]');
  });
});

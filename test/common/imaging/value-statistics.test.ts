import { describe, expect, it } from 'vitest';
import { measureValues } from '../../../common/imaging/value-statistics.ts';

describe('statistics of values', () => {
  it('count whole numbers exactly', () => {
    const voxels = Int16Array.from({ length: 1000 }, (_, at) => at - 500);
    const { histogram, ...rest } = measureValues(voxels);
    expect(rest).toEqual({
      min: -500,
      max: 499,
      mean: -0.5,
      low: -495,
      high: 494,
      whole: true,
      present: [],
      notFinite: 0,
    });
    expect(histogram.from).toBe(-500);
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect(histogram.counts[0]).toBe(4);
  });

  it('name the labels that are there', () => {
    expect(measureValues(Uint8Array.of(0, 2, 2, 7)).present).toEqual([0, 2, 7]);
    expect(measureValues(Float32Array.of(0, 2, 2, 7)).present).toEqual([0, 2, 7]);
    expect(measureValues(Float32Array.of(0, 0.5)).present).toEqual([]);
    expect(measureValues(Uint8Array.from({ length: 256 }, (_, at) => at)).present).toEqual([]);
  });

  it('leave out what is not finite', () => {
    const { min, max, mean, notFinite } = measureValues(Float32Array.of(NaN, 1, Infinity, 3));
    expect({ min, max, mean, notFinite }).toEqual({ min: 1, max: 3, mean: 2, notFinite: 2 });
    expect(measureValues(Float32Array.of(NaN))).toMatchObject({ min: 0, max: 0, notFinite: 1 });
  });

  it('bring the values of floats in between near their percentiles', () => {
    const voxels = Float32Array.from({ length: 100_000 }, (_, at) => at / 100_000);
    const { low, high } = measureValues(voxels);
    expect(low).toBeCloseTo(0.005, 3);
    expect(high).toBeCloseTo(0.995, 3);
  });

  it('scale, also with a negative slope', () => {
    const { min, max, low, high, mean, histogram, whole } = measureValues(Int16Array.of(0, 10, 20), {
      slope: -0.5,
      intercept: 1,
    });
    expect({ min, max, mean, whole }).toEqual({ min: -9, max: 1, mean: -4, whole: false });
    expect(low).toBeLessThanOrEqual(high);
    expect(histogram.from).toBeLessThan(histogram.to);
    expect(histogram.counts.at(-1)).toBe(1);
  });

  it('of one value everywhere', () => {
    expect(measureValues(Float32Array.of(0.5, 0.5))).toMatchObject({
      min: 0.5,
      max: 0.5,
      low: 0.5,
      high: 0.5,
    });
    expect(measureValues(Uint8Array.of(3, 3))).toMatchObject({ min: 3, max: 3, low: 3, high: 3 });
  });
});

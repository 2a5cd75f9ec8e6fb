import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { countElements, createTensor, type Tensor } from '../../trainer/data/tensor.ts';

/** Statistics that MONAI's fixtures give instead of all numbers of a tensor. */
export interface Statistics {
  readonly shape: readonly number[];
  readonly sum: number;
  readonly sumsq: number;
  readonly min: number;
  readonly max: number;
}

/** A file of test/fixtures/monai. */
export function readMonaiNumbers<T>(name: string): T {
  const path = fileURLToPath(new URL(`../fixtures/monai/${name}.json`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** The input that every fixture was made with: cos(0.37 i) + 0.5 sin(0.011 i). */
export function formulaInput(shape: readonly number[]): Tensor {
  const data = Float32Array.from(
    { length: countElements(shape) },
    (_, i) => Math.cos(0.37 * i) + 0.5 * Math.sin(0.011 * i),
  );
  return createTensor(shape, data);
}

/** The weights of the k-th parameter: 0.1 sin(1 + 0.7 i + k), and 1 more for the weight of a normalisation or PReLU. */
export function formulaWeights(name: string, shape: readonly number[], k: number): Tensor {
  const offset = shape.length === 1 && name.endsWith('weight') ? 1 : 0;
  const data = Float32Array.from(
    { length: countElements(shape) },
    (_, i) => 0.1 * Math.sin(1 + 0.7 * i + k) + offset,
  );
  return createTensor(shape, data);
}

export function statisticsOf({ shape, data }: Tensor): Statistics {
  let sum = 0;
  let sumsq = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const value of data) {
    sum += value;
    sumsq += value * value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { shape, sum, sumsq, min, max };
}

/** The largest difference of two lists, relative to the largest number of `expected`. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let largest = 0;
  for (let index = 0; index < expected.length; index++) {
    const own = Math.abs(actual[index] - expected[index]);
    difference = Number.isNaN(own) ? Infinity : Math.max(difference, own);
    largest = Math.max(largest, Math.abs(expected[index]));
  }
  return largest === 0 ? difference : difference / largest;
}

/** How far statistics are apart, each relative to the size of the numbers that went into it. */
export function statisticsDifference(actual: Statistics, expected: Statistics): number {
  const count = countElements(expected.shape);
  const size = Math.sqrt(expected.sumsq / count);
  return Math.max(
    Math.abs(actual.sum - expected.sum) / (size * count),
    Math.abs(actual.sumsq - expected.sumsq) / (size * size * count),
    Math.abs(actual.min - expected.min) / Math.max(size, Math.abs(expected.min)),
    Math.abs(actual.max - expected.max) / Math.max(size, Math.abs(expected.max)),
  );
}

import type { Tensor } from '../../../trainer/data/tensor.ts';

/** What the fixtures keep of an array: enough that a wrong or misplaced voxel shows. */
export interface TensorStatistics {
  readonly shape: readonly number[];
  readonly sum: number;
  readonly sumsq: number;
  /** Sum of value times (flat index mod 1009). */
  readonly position: number;
  /** Flat index and value. */
  readonly points: readonly (readonly [number, number])[];
}

export function statisticsOf({ shape, data }: Tensor): Omit<TensorStatistics, 'points'> {
  let [sum, sumsq, position] = [0, 0, 0];
  data.forEach((value, index) => {
    sum += value;
    sumsq += value * value;
    position += value * (index % 1009);
  });
  return { shape, sum, sumsq, position };
}

/** The largest difference from the fixture's numbers, each relative to the size of what it was made of. */
export function differenceOf(tensor: Tensor, expected: TensorStatistics): number {
  const actual = statisticsOf(tensor);
  if (actual.shape.join() !== expected.shape.join()) return Infinity;
  const size = Math.sqrt(expected.sumsq / Math.max(tensor.data.length, 1)) || 1;
  const count = Math.max(tensor.data.length, 1);
  const differences = [
    Math.abs(actual.sum - expected.sum) / (size * count),
    Math.abs(actual.sumsq - expected.sumsq) / (size * size * count),
    Math.abs(actual.position - expected.position) / (size * count * Math.min(count, 504)),
    ...expected.points.map(([index, value]) => Math.abs(tensor.data[index] - value) / size),
  ];
  return differences.some(Number.isNaN) ? Infinity : Math.max(...differences);
}

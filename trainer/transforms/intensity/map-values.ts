import { createTensor, type Tensor } from '../../data/tensor.ts';

/** Every value changed by itself; the result is rounded to float32. */
export function mapValues({ shape, data }: Tensor, change: (value: number) => number): Tensor {
  const changed = new Float32Array(data.length);
  for (let index = 0; index < data.length; index++) changed[index] = change(data[index]);
  return createTensor(shape, changed);
}

/** Each channel (a window of the data, C order) changed by itself. */
export function mapChannels(
  { shape, data }: Tensor,
  change: (channel: Float32Array, index: number) => Float32Array,
): Tensor {
  const length = data.length / shape[0];
  const changed = new Float32Array(data.length);
  for (let index = 0; index < shape[0]; index++) {
    changed.set(change(data.subarray(index * length, (index + 1) * length), index), index * length);
  }
  return createTensor(shape, changed);
}

/** Smallest and largest value. */
export function findRange(data: Float32Array): { readonly min: number; readonly max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let index = 0; index < data.length; index++) {
    if (data[index] < min) min = data[index];
    if (data[index] > max) max = data[index];
  }
  return { min, max };
}

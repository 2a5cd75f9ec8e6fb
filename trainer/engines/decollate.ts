import type { Item } from '../data/item.ts';
import { createTensor, type Tensor } from '../data/tensor.ts';
import type { Batch } from '../datasets/batch.ts';

/** The items of a batch, each with its part of the predictions [items, class, ...spatial] as `pred`. */
export function decollate({ items }: Batch, predictions: Tensor): Item[] {
  const [, ...shape] = predictions.shape;
  const size = predictions.data.length / items.length;
  return items.map((item, index) => ({
    ...item,
    pred: createTensor(shape, predictions.data.subarray(index * size, (index + 1) * size)),
  }));
}

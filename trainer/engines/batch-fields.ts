import { FaultError, type Fault } from '../../common/fault.ts';
import { isTensor, type Tensor } from '../data/tensor.ts';
import type { Batch } from '../datasets/batch.ts';
import { fileOf } from '../transforms/item-access.ts';

/** The stacked images under a key of a batch. */
export function fieldOf({ fields }: Batch, key: 'image' | 'label', engine: string): Tensor {
  const tensor = fields[key];
  if (tensor !== undefined) return tensor;
  throw new FaultError({
    code: 'data-list',
    message: `The cases have no "${key}" after the transforms.`,
    component: engine,
    allowed: `cases with "${key}"; here there is ${Object.keys(fields).join(', ') || 'no image at all'}`,
  });
}

/**
 * Refuses labels of class numbers that the network has no channel for: one-hot they would be of no class at all, and the
 * training would go on with them. Labels of several channels are left alone.
 */
export function requireKnownClasses({ items }: Batch, classCount: number): void {
  if (classCount === 1) return;
  for (const item of items) {
    const { label } = item;
    if (!isTensor(label) || label.shape[0] !== 1) continue;
    const stray = label.data.find((value) => !(value >= 0 && value < classCount));
    if (stray === undefined) continue;
    throw new FaultError({
      code: 'label-values',
      ...fileOf(item, 'label'),
      message: `The label has the value ${stray}, but the network has ${classCount} classes.`,
      component: 'SupervisedTrainer',
      allowed: `0 to ${classCount - 1}, or more out_channels of the network`,
    });
  }
}

/** Where the first image of a batch comes from that has NaN or an infinity in it; undefined when there is none. */
export function findImageWithoutNumbers({ items }: Batch): Pick<Fault, 'file'> | undefined {
  const found = items.find(({ image }) => isTensor(image) && !image.data.every(Number.isFinite));
  return found === undefined ? undefined : fileOf(found, 'image');
}

import { FaultError } from '../../common/fault.ts';
import type { Tensor } from '../data/tensor.ts';
import type { Batch } from '../datasets/batch.ts';

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

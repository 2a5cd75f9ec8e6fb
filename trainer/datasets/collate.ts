import { FaultError } from '../../common/fault.ts';
import { describeFile } from '../data/locate-faults.ts';
import type { Item, ItemValue } from '../data/item.ts';
import { createTensor, isSameShape, isTensor, spatialShapeOf, type Tensor } from '../data/tensor.ts';
import { fileOf } from '../transforms/item-access.ts';
import type { Batch } from './batch.ts';

const COMPONENT = 'DataLoader';

/**
 * Stacks the tensors of some items, key by key; keys that not every item has a tensor under stay in the items alone. A batch of
 * one item shares its memory.
 *
 * Fault `image-size-mismatch` when an item's label has another size than its image, or when items differ among each other.
 */
export function collate(items: readonly Item[], dataRoot: string): Batch {
  for (const item of items) requireFittingLabel(item, dataRoot);
  const fields: Record<string, Tensor> = {};
  for (const key of Object.keys(items[0])) {
    if (items.every((item) => isTensor(item[key]))) fields[key] = stack(items, key, dataRoot);
  }
  return splitBatch(fields, items);
}

/** The batch over stacked fields; the items' tensors become windows of them. */
export function splitBatch(fields: Readonly<Record<string, Tensor>>, items: readonly Item[]): Batch {
  const windows = items.map((item, index): Item => {
    const views = Object.entries(fields).map(([key, field]): [string, ItemValue] => [
      key,
      windowOf(field, index),
    ]);
    return { ...item, ...Object.fromEntries(views) };
  });
  return { fields, items: windows };
}

function windowOf({ shape, data }: Tensor, index: number): Tensor {
  const length = data.length / shape[0];
  return createTensor(shape.slice(1), data.subarray(index * length, (index + 1) * length));
}

function stack(items: readonly Item[], key: string, dataRoot: string): Tensor {
  const tensors = items.map((item) => item[key] as Tensor);
  const [first] = tensors;
  const odd = tensors.findIndex((tensor) => !isSameShape(tensor.shape, first.shape));
  if (odd !== -1) throw unequalItems(items, key, odd, dataRoot);
  const shape = [tensors.length, ...first.shape];
  if (tensors.length === 1) return createTensor(shape, first.data);
  const data = new Float32Array(first.data.length * tensors.length);
  tensors.forEach((tensor, index) => data.set(tensor.data, index * first.data.length));
  return createTensor(shape, data);
}

function requireFittingLabel(item: Item, dataRoot: string): void {
  const { image, label } = item;
  if (!isTensor(image) || !isTensor(label) || image.shape.length !== label.shape.length) return;
  if (isSameShape(spatialShapeOf(image), spatialShapeOf(label))) return;
  throw new FaultError({
    code: 'image-size-mismatch',
    ...locate(item, 'label', dataRoot),
    component: COMPONENT,
    message: `The label has ${formatSizes(label)} voxels, its image has ${formatSizes(image)}.`,
    allowed: 'image and label of one case with the same size after the transforms',
  });
}

function unequalItems(items: readonly Item[], key: string, odd: number, dataRoot: string): FaultError {
  const [first, other] = [items[0][key] as Tensor, items[odd][key] as Tensor];
  return new FaultError({
    code: 'image-size-mismatch',
    ...locate(items[odd], key, dataRoot),
    component: COMPONENT,
    argument: 'batch_size',
    message: `"${key}" is ${other.shape.join(' x ')} here and ${first.shape.join(' x ')} in another case of the batch.`,
    allowed:
      'cases of one size (crop or pad them, e.g. RandCropByPosNegLabeld or ResizeWithPadOrCropd), or batch_size 1',
  });
}

function locate(item: Item, key: string, dataRoot: string): { file?: string } {
  const { file } = fileOf(item, key);
  return file === undefined ? {} : { file: describeFile(file, dataRoot) };
}

const formatSizes = (tensor: Tensor): string => spatialShapeOf(tensor).join(' x ');

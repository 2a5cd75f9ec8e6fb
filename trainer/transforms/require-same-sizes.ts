import { FaultError } from '../../common/fault.ts';
import type { Item } from '../data/item.ts';
import { isSameShape, spatialShapeOf } from '../data/tensor.ts';
import { fileOf, tensorAt } from './item-access.ts';

/** Fault `image-size-mismatch` unless the images under all keys have the same spatial sizes. */
export function requireSameSizes(item: Item, keys: readonly string[], component: string): void {
  const present = keys.filter((key) => item[key] !== undefined);
  const [first, ...others] = present;
  if (first === undefined) return;
  const shape = spatialShapeOf(tensorAt(item, first, component));
  for (const other of others) {
    const otherShape = spatialShapeOf(tensorAt(item, other, component));
    if (!isSameShape(shape, otherShape)) {
      throw new FaultError({
        code: 'image-size-mismatch',
        ...fileOf(item, other),
        component,
        message: `"${other}" has ${otherShape.join(' x ')} voxels, "${first}" has ${shape.join(' x ')}.`,
        allowed: 'images of one case with the same size',
      });
    }
  }
}

/**
 * A dense float32 array in C order (last axis fastest). Volumes have MONAI's index order: channel, x, y, z.
 * Tensors are values: once made, their numbers are never changed, so items may share them (also between threads).
 */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** How many numbers a shape holds; 1 for the empty shape. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A tensor over `data`; throws when the shape does not hold exactly that many numbers. */
export function createTensor(shape: readonly number[], data: Float32Array): Tensor {
  if (countElements(shape) !== data.length) {
    throw new RangeError(`A tensor of shape [${shape.join(', ')}] cannot hold ${data.length} numbers`);
  }
  return { shape, data };
}

/** True for a {@link Tensor}. */
export function isTensor(value: unknown): value is Tensor {
  return (
    typeof value === 'object' &&
    value !== null &&
    'shape' in value &&
    'data' in value &&
    Array.isArray(value.shape) &&
    value.data instanceof Float32Array
  );
}

/** The sizes behind the channel axis. */
export function spatialShapeOf(tensor: Tensor): readonly number[] {
  return tensor.shape.slice(1);
}

/** The step in `data` from one index to the next along each axis. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/** True when both lists have the same numbers in the same order. */
export function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

import { slidingWindowInfererSpec, type SlidingWindowInfererArgs } from '../../common/components/inferers.ts';
import { FaultError } from '../../common/fault.ts';
import { countElements, createTensor, stridesOf, type Tensor } from '../data/tensor.ts';

/** How voxels outside of an image are made up, by PyTorch's names. */
export type PaddingMode = SlidingWindowInfererArgs['padding_mode'];

/** Voxels before the image per spatial axis when it is centred in `size`; the odd one goes behind. */
export function paddingBefore(imageSize: readonly number[], size: readonly number[]): number[] {
  return imageSize.map((own, axis) => Math.floor(Math.max(size[axis] - own, 0) / 2));
}

/**
 * Grows (batch, channel, ...spatial) to at least `size`, the image centred.
 *
 * @param value what `constant` padding is filled with
 * @throws FaultError when `reflect` or `circular` would need more voxels than the image has
 */
export function padSpatial(
  images: Tensor,
  size: readonly number[],
  mode: PaddingMode,
  value: number,
): Tensor {
  const imageSize = images.shape.slice(2);
  const padded = imageSize.map((own, axis) => Math.max(own, size[axis]));
  if (padded.every((length, axis) => length === imageSize[axis])) return images;

  const before = paddingBefore(imageSize, padded);
  const sources = padded.map((length, axis) =>
    Array.from({ length }, (_, index) => sourceIndex(index - before[axis], imageSize[axis], mode)),
  );
  const outer = images.shape[0] * images.shape[1];
  const result = new Float32Array(outer * countElements(padded)).fill(value);
  const imageStrides = stridesOf(imageSize);
  const imageElements = countElements(imageSize);
  let target = 0;
  const copy = (axis: number, source: number): void => {
    for (const index of sources[axis]) {
      const inside = index >= 0 && source >= 0;
      const next = inside ? source + index * imageStrides[axis] : -1;
      if (axis < sources.length - 1) copy(axis + 1, next);
      else {
        if (inside) result[target] = images.data[next];
        target++;
      }
    }
  };
  for (let plane = 0; plane < outer; plane++) copy(0, plane * imageElements);
  return createTensor([...images.shape.slice(0, 2), ...padded], result);
}

/** The voxel that padding repeats at `index`; -1 where it has the constant value. */
function sourceIndex(index: number, size: number, mode: PaddingMode): number {
  if (index >= 0 && index < size) return index;
  if (mode === 'constant') return -1;
  if (mode === 'replicate') return index < 0 ? 0 : size - 1;
  const source = mode === 'circular' ? (index < 0 ? index + size : index - size) : reflect(index, size);
  if (source < 0 || source >= size) {
    throw new FaultError({
      code: 'wrong-argument',
      message: `"${mode}" cannot make up so many voxels around an axis of ${size}.`,
      component: slidingWindowInfererSpec.name,
      argument: 'padding_mode',
      allowed: 'constant or replicate, or a smaller roi_size',
    });
  }
  return source;
}

const reflect = (index: number, size: number): number => (index < 0 ? -index : 2 * (size - 1) - index);

import { createTensor, spatialShapeOf, stridesOf, type Tensor } from '../../data/tensor.ts';
import type { ResizeMode } from '../applied-transform.ts';
import { gatherAxes } from './gather.ts';

/**
 * Stretches the spatial axes to new sizes, as torch's `interpolate`: `nearest` takes voxel floor(k * in / out), `area` averages
 * the voxels from floor(k * in / out) to ceil((k + 1) * in / out), the linear modes interpolate between voxel centres or, with
 * aligned corners, so that the outer voxels stay in place. (`linear`, `bilinear` and `trilinear` mean the same for any rank.)
 */
export function resize(
  tensor: Tensor,
  shape: readonly number[],
  mode: ResizeMode,
  alignCorners: boolean,
): Tensor {
  const old = spatialShapeOf(tensor);
  if (mode === 'nearest') {
    return gatherAxes(
      tensor,
      old.map((size, axis) => nearestMap(size, shape[axis])),
    );
  }
  return old.reduce((current, size, axis) => {
    const taps = mode === 'area' ? areaTaps(size, shape[axis]) : linearTaps(size, shape[axis], alignCorners);
    return weighAxis(current, axis + 1, taps);
  }, tensor);
}

function nearestMap(inSize: number, outSize: number): Int32Array {
  const scale = Math.fround(inSize / outSize);
  return Int32Array.from({ length: outSize }, (_, index) =>
    Math.min(Math.floor(Math.fround(index * scale)), inSize - 1),
  );
}

/** The input voxels that make up an output voxel: consecutive ones from `first`, with weights. */
interface Tap {
  readonly first: number;
  readonly weights: readonly number[];
}

function areaTaps(inSize: number, outSize: number): readonly Tap[] {
  return Array.from({ length: outSize }, (_, index) => {
    const first = Math.floor((index * inSize) / outSize);
    const count = Math.ceil(((index + 1) * inSize) / outSize) - first;
    return { first, weights: new Array<number>(count).fill(1 / count) };
  });
}

function linearTaps(inSize: number, outSize: number, alignCorners: boolean): readonly Tap[] {
  return Array.from({ length: outSize }, (_, index) => {
    const coordinate = alignCorners
      ? outSize > 1
        ? (index * (inSize - 1)) / (outSize - 1)
        : 0
      : Math.max(((index + 0.5) * inSize) / outSize - 0.5, 0);
    const first = Math.min(Math.floor(coordinate), inSize - 1);
    const share = coordinate - first;
    return first + 1 < inSize ? { first, weights: [1 - share, share] } : { first, weights: [1] };
  });
}

/** Replaces an axis by weighted sums along it. */
function weighAxis({ shape, data }: Tensor, axis: number, taps: readonly Tap[]): Tensor {
  const outShape = shape.map((size, at) => (at === axis ? taps.length : size));
  const step = stridesOf(shape)[axis];
  const outerCount = data.length / (step * shape[axis]);
  const out = new Float32Array(outerCount * taps.length * step);
  let to = 0;
  for (let outer = 0; outer < outerCount; outer++) {
    for (const { first, weights } of taps) {
      const from = (outer * shape[axis] + first) * step;
      for (let inner = 0; inner < step; inner++) {
        let sum = 0;
        for (let tap = 0; tap < weights.length; tap++) sum += weights[tap] * data[from + tap * step + inner];
        out[to++] = sum;
      }
    }
  }
  return createTensor(outShape, out);
}

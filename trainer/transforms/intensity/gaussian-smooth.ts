import { createTensor, stridesOf, type Tensor } from '../../data/tensor.ts';
import { erf } from './erf.ts';

/** Kernels reach this many standard deviations. */
const TRUNCATION = 4;

/**
 * `monai.transforms.GaussianSmooth` (0.8.1, approx erf): one kernel per spatial axis, zeros outside of the image, weights not
 * renormalised.
 */
export function smoothGaussian(tensor: Tensor, sigmas: readonly number[]): Tensor {
  return sigmas.reduce(
    (current, sigma, axis) => convolveAxis(current, axis + 1, gaussianKernel(sigma)),
    tensor,
  );
}

/** Each weight is the share of the bell that falls on the voxel. */
export function gaussianKernel(sigma: number): Float32Array {
  const tail = Math.floor(Math.max(sigma * TRUNCATION, 0.5) + 0.5);
  const scale = Math.SQRT1_2 / sigma;
  return Float32Array.from({ length: 2 * tail + 1 }, (_, index) => {
    const distance = index - tail;
    return Math.max(0.5 * (erf(scale * (distance + 0.5)) - erf(scale * (distance - 0.5))), 0);
  });
}

function convolveAxis({ shape, data }: Tensor, axis: number, kernel: Float32Array): Tensor {
  const out = new Float32Array(data.length);
  const step = stridesOf(shape)[axis];
  const size = shape[axis];
  const tail = (kernel.length - 1) / 2;
  for (let start = 0; start < data.length; start += step * size) {
    for (let place = 0; place < size; place++) {
      const first = Math.max(0, place - tail);
      const last = Math.min(size - 1, place + tail);
      for (let inner = 0; inner < step; inner++) {
        let sum = 0;
        for (let other = first; other <= last; other++) {
          sum += kernel[other - place + tail] * data[start + other * step + inner];
        }
        out[start + place * step + inner] = sum;
      }
    }
  }
  return createTensor(shape, out);
}

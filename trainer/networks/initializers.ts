import { sizeOf } from '../graph/shape.ts';
import type { Shape } from '../graph/value.ts';
import type { RandomState } from '../random/random-state.ts';

/** The numbers that a parameter starts with. */
export type Initializer = (shape: Shape, random: RandomState) => Float32Array;

/** Every number the same; draws nothing. */
export const constantInitializer =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

/**
 * Uniform within 1 / sqrt(fanIn) of 0: what PyTorch's convolutions start with, weight and bias alike.
 *
 * @param fanIn size of axis 1 of the weight times the voxels of the kernel
 */
export const fanInInitializer =
  (fanIn: number): Initializer =>
  (shape, random) => {
    const bound = 1 / Math.sqrt(fanIn);
    return Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(-bound, bound));
  };

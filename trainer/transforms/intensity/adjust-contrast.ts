import type { Tensor } from '../../data/tensor.ts';
import { findRange, mapValues } from './map-values.ts';

const { fround } = Math;
const EPSILON = 1e-7;

/** `monai.transforms.AdjustContrast` (0.8.1): values as shares of their range, raised to the power `gamma`. */
export function adjustContrast(tensor: Tensor, gamma: number): Tensor {
  const { min, max } = findRange(tensor.data);
  const range = fround(max - min);
  const divisor = fround(fround(range + fround(EPSILON)));
  const power = fround(gamma);
  return mapValues(tensor, (value) => {
    const share = fround(fround(value - min) / divisor);
    return fround(fround(Math.pow(share, power)) * range) + min;
  });
}

import { countElements } from '../data/tensor.ts';

/** Every voxel of a window counts the same. */
export function constantImportance(roiSize: readonly number[]): Float32Array {
  return new Float32Array(countElements(roiSize)).fill(1);
}

/**
 * Weights that fall from the centre of a window as `compute_importance_map(mode="gaussian")` of MONAI 0.8.1 makes them: a
 * unit impulse at size / 2, smoothed along every axis with a Gaussian of standard deviation `sigmaScale * size`, divided
 * by its largest value, zeros raised to the smallest other value. MONAI 1.x has another formula.
 */
export function gaussianImportance(roiSize: readonly number[], sigmaScale: number): Float32Array {
  const profiles = roiSize.map((size) => gaussianProfile(size, sigmaScale * size));
  const map = outerProduct(profiles);
  const largest = map.reduce((a, b) => Math.max(a, b), 0);
  let smallest = Infinity;
  for (let index = 0; index < map.length; index++) {
    map[index] /= largest;
    if (map[index] > 0) smallest = Math.min(smallest, map[index]);
  }
  return map.map((weight) => Math.max(weight, smallest));
}

/** The smoothing kernel laid over the voxels of an axis, its centre on voxel `size / 2`; 0 beyond four deviations. */
function gaussianProfile(size: number, sigma: number): Float32Array {
  const tail = Math.trunc(Math.max(sigma * 4, 0.5) + 0.5);
  const scale = Math.fround(Math.SQRT1_2 / sigma);
  const centre = Math.floor(size / 2);
  // Rounded to float32 at every step as the reference is: the difference of two values near 1 loses digits.
  const erf32 = (x: number) => Math.fround(erf(Math.fround(scale * x)));
  return Float32Array.from({ length: size }, (_, voxel) => {
    const offset = voxel - centre;
    if (Math.abs(offset) > tail) return 0;
    return Math.max(0.5 * Math.fround(erf32(offset + 0.5) - erf32(offset - 0.5)), 0);
  });
}

function outerProduct(factors: readonly Float32Array[]): Float32Array {
  return factors.reduce((product, factor) => {
    const next = new Float32Array(product.length * factor.length);
    for (let index = 0; index < next.length; index++) {
      next[index] = product[Math.floor(index / factor.length)] * factor[index % factor.length];
    }
    return next;
  }, Float32Array.of(1));
}

/**
 * The error function to double precision: its Taylor series near 0, the continued fraction of erfc beyond.
 * Source: Abramowitz and Stegun 7.1.6 and 7.1.14.
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  return Math.sign(x) * (size < 2.5 ? erfBySeries(size) : 1 - erfcByFraction(size));
}

function erfBySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function erfcByFraction(x: number): number {
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

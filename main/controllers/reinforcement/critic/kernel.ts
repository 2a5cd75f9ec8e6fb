import type { PointCode, PointCoder } from './point-code.ts';

/** How similar the rewards of two points are, by the distance between the points. */
export interface Kernel {
  /** Logarithm of the distance, per parameter, over which rewards change. */
  readonly logLengths: Float64Array;
  /** Logarithm of the share of a reward's variance that is noise. */
  readonly logNoise: number;
}

/** The correlation of the rewards of two points under a kernel: Matérn 5/2 over all parameters together. */
export function makeCorrelation(
  coder: PointCoder,
  { logLengths }: Kernel,
): (a: PointCode, b: PointCode) => number {
  const weights = logLengths.map((logLength) => Math.exp(-2 * logLength));
  return (a, b) => {
    let squared = 0;
    for (let dimension = 0; dimension < weights.length; dimension++)
      squared += weights[dimension]! * coder.squaredDistance(a, b, dimension);
    const scaled = Math.sqrt(5 * squared);
    return (1 + scaled + (scaled * scaled) / 3) * Math.exp(-scaled);
  };
}

/** The correlations of all pairs, with the noise on the diagonal. */
export function correlationMatrix(
  coder: PointCoder,
  kernel: Kernel,
  codes: readonly PointCode[],
): Float64Array {
  const size = codes.length;
  const correlation = makeCorrelation(coder, kernel);
  const noise = Math.exp(kernel.logNoise);
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      const value = correlation(codes[row]!, codes[column]!);
      matrix[row * size + column] = value;
      matrix[column * size + row] = value;
    }
    matrix[row * size + row] = 1 + noise;
  }
  return matrix;
}

/** The kernel before anything is known: lengths of half the range, longer in many dimensions, and little noise. */
export function priorKernel(dimensions: number): Kernel {
  const logLength = Math.log(0.5 * Math.sqrt(Math.max(1, dimensions / 3)));
  return { logLengths: new Float64Array(dimensions).fill(logLength), logNoise: Math.log(0.01) };
}

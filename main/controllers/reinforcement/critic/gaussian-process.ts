import { factorize, solveLower, solveUpper } from './cholesky.ts';
import { signalVariance } from './fit-kernel.ts';
import { correlationMatrix, makeCorrelation, type Kernel } from './kernel.ts';
import type { PointCode, PointCoder } from './point-code.ts';

export interface Prediction {
  readonly mean: number;
  readonly deviation: number;
}

/** What is expected of points that were not tried (Rasmussen and Williams 2006, chapter 2). */
export type Predict = (code: PointCode) => Prediction;

/**
 * Conditions a Gaussian process with mean 0 on rewards.
 *
 * @param variance of the signal; by default the most likely one
 */
export function conditionOn(
  coder: PointCoder,
  kernel: Kernel,
  codes: readonly PointCode[],
  rewards: Float64Array,
  variance?: number,
): { readonly predict: Predict; readonly variance: number } {
  const count = codes.length;
  const correlation = makeCorrelation(coder, kernel);
  const lower = factorize(correlationMatrix(coder, kernel, codes), count);
  const whitened = solveLower(lower, count, rewards);
  const weights = solveUpper(lower, count, whitened);
  const norm = whitened.reduce((sum, value) => sum + value * value, 0);
  const signal = variance ?? signalVariance(norm, count);
  const predict: Predict = (code) => {
    const near = Float64Array.from(codes, (other) => correlation(code, other));
    const explained = solveLower(lower, count, near).reduce((sum, value) => sum + value * value, 0);
    const mean = near.reduce((sum, value, index) => sum + value * weights[index]!, 0);
    return { mean, deviation: Math.sqrt(Math.max(1e-12, signal * (1 - explained))) };
  };
  return { predict, variance: signal };
}

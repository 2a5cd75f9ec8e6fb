import type { Prediction } from './gaussian-process.ts';

/** Below this many deviations the plain formula loses its digits. */
const TAIL = -2;
const MILLS_TERMS = 60;
const LOG_ROOT_TWO_PI = Math.log(Math.sqrt(2 * Math.PI));

/**
 * The logarithm of how much a point is expected to exceed `best` (Jones et al. 1998), which also tells hopeless points
 * apart (Ament et al. 2023).
 */
export function logExpectedImprovement({ mean, deviation }: Prediction, best: number): number {
  return Math.log(deviation) + logStandardImprovement((mean - best) / deviation);
}

/** log(z Φ(z) + φ(z)). */
export function logStandardImprovement(z: number): number {
  const logDensity = -(z * z) / 2 - LOG_ROOT_TWO_PI;
  if (z > TAIL) return Math.log(z * normalCdf(z) + Math.exp(logDensity));
  return logDensity + Math.log(1 + z * millsRatio(-z));
}

/** Φ(z), error below 1.5e-7 (Abramowitz and Stegun 7.1.26). */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (polynomial * Math.exp(-x * x)) / 2;
  return z < 0 ? tail : 1 - tail;
}

/** (1 - Φ(x)) / φ(x) for x ≥ 2, by Laplace's continued fraction. */
function millsRatio(x: number): number {
  let denominator = x;
  for (let term = MILLS_TERMS; term >= 1; term--) denominator = x + term / denominator;
  return 1 / denominator;
}

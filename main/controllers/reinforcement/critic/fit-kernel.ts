import type { SeededRandom } from '../../../../common/random/seeded-random.ts';
import { factorize, halfLogDeterminant, solveLower } from './cholesky.ts';
import { correlationMatrix, priorKernel, type Kernel } from './kernel.ts';
import type { PointCode, PointCoder } from './point-code.ts';

const LENGTH_SPREAD = 0.9;
const NOISE_SPREAD = 1.5;
const NOISE_BOUNDS = [Math.log(1e-5), Math.log(0.5)] as const;
/** Standard deviation of a change to all lengths; a change to one is twice as wide. */
const STEP = 0.6;

/** The variance of the rewards, given their squared norm under the kernel; drawn to 1, which they are scaled to. */
export function signalVariance(norm: number, count: number): number {
  return (norm + 2) / (count + 2);
}

/**
 * A kernel that explains the rewards better than `start`: a random climb on the posterior density, over `steps` changes of
 * one length or of all. It begins where the climb before ended, so that the kernel is learnt over the whole search.
 */
export function fitKernel(
  coder: PointCoder,
  codes: readonly PointCode[],
  rewards: Float64Array,
  { start, steps, random }: { readonly start: Kernel; readonly steps: number; readonly random: SeededRandom },
): Kernel {
  let best = start;
  let bestCost = negativeLogPosterior(coder, codes, rewards, start);
  for (let step = 0; step < steps; step++) {
    const next = changeKernel(best, random);
    const cost = negativeLogPosterior(coder, codes, rewards, next);
    if (cost >= bestCost) continue;
    best = next;
    bestCost = cost;
  }
  return best;
}

function changeKernel({ logLengths, logNoise }: Kernel, random: SeededRandom): Kernel {
  const kind = random.uniform();
  const shift = STEP * random.normal();
  if (kind < 0.2) return { logLengths: logLengths.map((logLength) => logLength + shift), logNoise };
  if (kind < 0.8) {
    const chosen = random.integer(logLengths.length + 1);
    if (chosen === logLengths.length) return { logLengths, logNoise: clipNoise(logNoise + 2 * shift) };
    return {
      logLengths: logLengths.map((length, index) => (index === chosen ? length + 2 * shift : length)),
      logNoise,
    };
  }
  const moved = logLengths.map((logLength) => logLength + STEP * random.normal());
  return { logLengths: moved, logNoise: clipNoise(logNoise + shift) };
}

const clipNoise = (logNoise: number): number =>
  Math.min(NOISE_BOUNDS[1], Math.max(NOISE_BOUNDS[0], logNoise));

/** Up to a constant, with the signal's variance at its best value and log-normal priors on lengths and noise. */
function negativeLogPosterior(
  coder: PointCoder,
  codes: readonly PointCode[],
  rewards: Float64Array,
  kernel: Kernel,
): number {
  const count = codes.length;
  const lower = factorize(correlationMatrix(coder, kernel, codes), count);
  const norm = solveLower(lower, count, rewards).reduce((sum, value) => sum + value * value, 0);
  const prior = priorKernel(coder.dimensions);
  const lengthCost = kernel.logLengths.reduce(
    (sum, logLength, index) => sum + ((logLength - prior.logLengths[index]!) / LENGTH_SPREAD) ** 2 / 2,
    0,
  );
  const noiseCost = ((kernel.logNoise - prior.logNoise) / NOISE_SPREAD) ** 2 / 2;
  const fit = ((count + 2) / 2) * Math.log(signalVariance(norm, count));
  return fit + halfLogDeterminant(lower, count) + lengthCost + noiseCost;
}

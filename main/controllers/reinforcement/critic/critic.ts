import type { SeededRandom } from '../../../../common/random/seeded-random.ts';
import type { SearchSpace, SearchValues } from '../../../../common/search-space/search-space.ts';
import { scoreOf, type Trial } from '../../recommendation-book.ts';
import { logExpectedImprovement } from './expected-improvement.ts';
import { fitKernel } from './fit-kernel.ts';
import { conditionOn } from './gaussian-process.ts';
import { priorKernel, type Kernel } from './kernel.ts';
import { makePointCoder, type PointCoder } from './point-code.ts';
import { shapeRewards } from './shape-rewards.ts';

/** Says how promising a point is; larger is better. */
export type Judge = (values: SearchValues) => number;

const FIRST_STEPS = 60;
const STEPS = 15;
/** The critic's work grows with the third power of what it learns from. */
const MOST_TRIALS = 250;

/**
 * Predicts the rewards of points from all trials. It keeps what it has learnt of the space, how fast rewards change along
 * each parameter, from one call to the next.
 */
export class Critic {
  readonly #coder: PointCoder;
  #kernel: Kernel | undefined;

  constructor(space: SearchSpace) {
    this.#coder = makePointCoder(space);
  }

  /**
   * Learns from the trials, and judges by the expected improvement over the best prediction. Points that still run are
   * believed to give what is predicted, so that others are looked for elsewhere.
   *
   * @param trials at least one
   */
  learn(trials: readonly Trial[], running: readonly SearchValues[], random: SeededRandom): Judge {
    const coder = this.#coder;
    const used = selectTrials(trials);
    const codes = used.map(({ values }) => coder.encode(values));
    const rewards = shapeRewards(used.map(({ outcome }) => scoreOf(outcome)));
    const start = this.#kernel ?? priorKernel(coder.dimensions);
    const steps = this.#kernel === undefined ? FIRST_STEPS : STEPS;
    const kernel = fitKernel(coder, codes, rewards, { start, steps, random });
    this.#kernel = kernel;

    const known = conditionOn(coder, kernel, codes, rewards);
    const all = [...codes, ...running.map((values) => coder.encode(values))];
    const means = Float64Array.from(all, (code) => known.predict(code).mean);
    const believed = means.map((mean, index) => rewards[index] ?? mean);
    const { predict } = conditionOn(coder, kernel, all, believed, known.variance);
    const best = Math.max(...means);
    return (values) => logExpectedImprovement(predict(coder.encode(values)), best);
  }
}

/** The best half and the newest half of what the critic can take. */
function selectTrials(trials: readonly Trial[]): readonly Trial[] {
  if (trials.length <= MOST_TRIALS) return trials;
  const half = MOST_TRIALS / 2;
  const newest = trials.slice(-half);
  const rank = ({ outcome }: Trial): number => scoreOf(outcome) ?? Number.NEGATIVE_INFINITY;
  const older = trials
    .slice(0, -half)
    .sort((a, b) => (rank(a) === rank(b) ? a.id - b.id : rank(b) - rank(a)));
  return [...older.slice(0, half), ...newest];
}

import type { z } from 'zod';
import { FaultError } from '../../../common/fault.ts';
import type { reinforcementControllerSpec } from '../../../common/components/automl-controllers.ts';
import { makeSeededRandom, type SeededRandom } from '../../../common/random/seeded-random.ts';
import { chooseUniformly, drawPoint } from '../../../common/search-space/draw-point.ts';
import type { SearchSpace, SearchValues } from '../../../common/search-space/search-space.ts';
import { isNumeric } from '../../../common/search-space/unit-cube.ts';
import type { Controller, ControllerSetup, Outcome, Recommendation } from '../controller.ts';
import { RecommendationBook } from '../recommendation-book.ts';
import { requireParameters } from '../require-parameters.ts';
import { listCombinations, makeSpaceFiller } from './design-points.ts';
import { chooseElites } from './elites.ts';
import { distanceBetween, fitPolicy } from './policy.ts';

/** Jobs that fill the space evenly before anything is learnt, where the budget has room for them. */
const DESIGN_JOBS = 10;
const DESIGN_SHARE = 1 / 3;
const MOST_REDRAWS = 200;
/** Samples of which the one farthest from everything that still runs is taken. */
const CANDIDATES = 3;
const MOST_JOBS = 10_000;

/**
 * Clara's controller by name and by contract: one job per combination of enums with the numbers at their current or middle
 * values, then `max_rounds - 1` more per combination. Other than Clara's it learns over all combinations together, with any
 * number of jobs in parallel: every sample comes from a policy that is fitted to the ranks of all results so far.
 */
export class ReinforcementController implements Controller {
  readonly #args: z.output<typeof reinforcementControllerSpec.args>;
  readonly #book = new RecommendationBook();
  #space!: SearchSpace;
  #random!: SeededRandom;
  #design: SearchValues[] = [];
  /** How many of the design's points are there to try each combination once. */
  #combinationJobs = 0;
  #budget = 0;
  #batch = 1;
  #learns = true;

  constructor(args: z.output<typeof reinforcementControllerSpec.args>) {
    this.#args = args;
  }

  setSearchSpace({ space, seed, numWorkers }: ControllerSetup): void {
    requireParameters(space);
    this.#space = space;
    this.#random = makeSeededRandom(seed);
    this.#batch = this.#args.batch ?? Math.max(4, numWorkers);
    this.#learns = space.parameters.some(isNumeric);
    const combinations = listCombinations(space);
    this.#budget = this.#countBudget(combinations.map(({ hasNumbers }) => hasNumbers));
    const [first, ...others] = combinations.map(({ values }) => values);
    // when not all fit, the ones that are tried should not all share the first choices
    const order = combinations.length > this.#budget ? this.#random.shuffle(others) : others;
    this.#design = [first!, ...order].slice(0, this.#budget);
    this.#addSpaceFillingPoints();
  }

  initialRecommendation(): readonly Recommendation[] {
    const count = this.#learns ? Math.max(this.#batch, this.#combinationJobs) : this.#design.length;
    return this.#fill(Math.min(count, this.#budget));
  }

  refineRecommendation(outcome: Outcome): readonly Recommendation[] {
    this.#book.settle(outcome);
    return this.#fill(this.#batch);
  }

  plannedJobs(): number {
    return this.#budget;
  }

  shutdown(): void {}

  #countBudget(combinations: readonly boolean[]): number {
    const { max_rounds: rounds, max_jobs: most } = this.#args;
    const wanted = combinations.reduce((sum, hasNumbers) => sum + (hasNumbers ? rounds : 1), 0);
    const budget = Math.min(wanted, most ?? wanted);
    if (budget <= MOST_JOBS) return budget;
    throw new FaultError({
      code: 'search-too-large',
      message: `The space asks for more than ${MOST_JOBS} jobs.`,
      component: 'ReinforcementController',
      argument: 'max_jobs',
      allowed: `at most ${MOST_JOBS}`,
    });
  }

  #addSpaceFillingPoints(): void {
    this.#combinationJobs = this.#design.length;
    if (!this.#learns) return;
    const wanted = Math.min(DESIGN_JOBS, Math.ceil(this.#budget * DESIGN_SHARE));
    const next = makeSpaceFiller(this.#space, this.#random);
    while (this.#design.length < wanted) this.#design.push(next());
  }

  /** Adds recommendations until `pending` of them are pending or the budget is used up. */
  #fill(pending: number): Recommendation[] {
    const added: Recommendation[] = [];
    while (this.#book.count < this.#budget && this.#book.pending.length < pending) {
      const values = this.#nextPoint();
      if (values === undefined) {
        this.#budget = this.#book.count;
        break;
      }
      added.push(this.#book.recommend(values));
    }
    return added;
  }

  #nextPoint(): SearchValues | undefined {
    while (this.#design.length > 0) {
      const values = this.#design.shift()!;
      if (!this.#book.has(values)) return values;
    }
    if (!this.#learns) return undefined;
    const elites = chooseElites(this.#book.trials);
    const policy = fitPolicy(this.#space, elites, this.#book.trials.length, this.#random);
    const running = this.#book.pending.map(({ values }) => values);
    const candidates: SearchValues[] = [];
    const wanted = running.length > elites.length / 2 ? CANDIDATES : 1;
    for (let draw = 0; draw < MOST_REDRAWS && candidates.length < wanted; draw++) {
      const values = policy.sample();
      if (!this.#book.has(values)) candidates.push(values);
    }
    return this.#farthestFrom(running, candidates) ?? this.#drawUntried();
  }

  #farthestFrom(
    running: readonly SearchValues[],
    candidates: readonly SearchValues[],
  ): SearchValues | undefined {
    const nearest = (values: SearchValues): number =>
      Math.min(...running.map((other) => distanceBetween(this.#space, values, other)));
    return candidates.reduce<SearchValues | undefined>(
      (best, values) => (best === undefined || nearest(values) > nearest(best) ? values : best),
      undefined,
    );
  }

  /** The policy gives nothing new: any point that was not tried; undefined when there seems to be none. */
  #drawUntried(): SearchValues | undefined {
    for (let draw = 0; draw < MOST_REDRAWS; draw++) {
      const values = drawPoint(this.#space, chooseUniformly(this.#random.uniform));
      if (!this.#book.has(values)) return values;
    }
    return undefined;
  }
}

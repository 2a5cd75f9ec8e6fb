import type { z } from 'zod';
import { FaultError } from '../../../common/fault.ts';
import type { reinforcementControllerSpec } from '../../../common/components/automl-controllers.ts';
import { makeSeededRandom, type SeededRandom } from '../../../common/random/seeded-random.ts';
import { chooseUniformly, drawPoint } from '../../../common/search-space/draw-point.ts';
import type { SearchSpace, SearchValues } from '../../../common/search-space/search-space.ts';
import type { Controller, ControllerSetup, Outcome, Recommendation } from '../controller.ts';
import { drawUntried } from '../draw-untried.ts';
import { RecommendationBook } from '../recommendation-book.ts';
import { requireParameters } from '../require-parameters.ts';
import { choosePoint } from './choose-point.ts';
import { Critic } from './critic/critic.ts';
import { listCombinations, makeSpaceFiller } from './design-points.ts';
import { chooseElites } from './elites.ts';
import { fitPolicy } from './policy.ts';

/** Jobs that fill the space evenly before anything is learnt, where the budget has room for them. */
const DESIGN_JOBS = 10;
const DESIGN_SHARE = 1 / 3;
const MOST_JOBS = 10_000;

/**
 * Clara's controller by name and by contract: one job per combination of enums with the numbers at their current or middle
 * values, then `max_rounds - 1` more per combination. Other than Clara's it learns over all combinations together, with any
 * number of jobs in parallel: a policy, fitted to the ranks of all results so far, proposes points, and a critic, fitted to
 * their scores, chooses among them (docs/controllers.md).
 */
export class ReinforcementController implements Controller {
  readonly #args: z.output<typeof reinforcementControllerSpec.args>;
  readonly #book = new RecommendationBook();
  #space!: SearchSpace;
  #random!: SeededRandom;
  #critic!: Critic;
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
    this.#critic = new Critic(space);
    this.#batch = this.#args.batch ?? Math.max(4, numWorkers);
    const combinations = listCombinations(space);
    this.#budget = this.#countBudget(combinations.map(({ hasNumbers }) => hasNumbers));
    this.#learns = combinations.length > this.#budget || combinations.some(({ hasNumbers }) => hasNumbers);
    this.#combinationJobs = this.#affordsCombinations(combinations.length) ? combinations.length : 1;
    this.#design = combinations.slice(0, this.#combinationJobs).map(({ values }) => values);
    if (this.#learns) this.#addSpaceFillingPoints();
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

  /** With `max_jobs`, at most half of the jobs go to trying each combination once: the rest has to learn from them. */
  #affordsCombinations(count: number): boolean {
    if (!this.#learns) return true;
    return this.#args.max_jobs === undefined ? count <= this.#budget : 2 * count <= this.#budget;
  }

  #addSpaceFillingPoints(): void {
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
    return this.#learns ? (this.#learnedPoint() ?? this.#untriedPoint()) : undefined;
  }

  /** Undefined before the first result, and where the policy has nothing new to propose. */
  #learnedPoint(): SearchValues | undefined {
    const { trials, pending } = this.#book;
    const elites = chooseElites(trials);
    if (elites.length === 0) return undefined;
    const random = this.#random;
    const judge = this.#critic.learn(
      trials,
      pending.map(({ values }) => values),
      random,
    );
    const policy = fitPolicy(this.#space, elites, trials.length, random);
    const isTried = (values: SearchValues): boolean => this.#book.has(values);
    return choosePoint({ space: this.#space, policy, judge, random, isTried });
  }

  #untriedPoint(): SearchValues | undefined {
    return drawUntried(
      this.#space,
      () => drawPoint(this.#space, chooseUniformly(this.#random.uniform)),
      (values) => this.#book.has(values),
    );
  }
}

import { makeSeededRandom, type SeededRandom } from '../../../common/random/seeded-random.ts';
import { enumeratePoints, discreteLevels } from '../../../common/search-space/enumerate-points.ts';
import type { SearchSpace, SearchValues } from '../../../common/search-space/search-space.ts';
import { isNumeric, middleOf, unitOf, valueAt } from '../../../common/search-space/unit-cube.ts';
import type {
  Controller,
  ControllerSetup,
  Outcome,
  Recommendation,
} from '../../../main/controllers/controller.ts';

const STEP = 0.2;
const MOST_COMBINATIONS = 300;

interface Combination {
  best: SearchValues;
  score: number;
  step: number;
}

/**
 * What Clara's documentation says of its ReinforcementController: every combination of enums with all numbers in the middle of
 * their ranges, then numbers moved by what was rewarded, combination after combination. How far they move is not documented;
 * here a Gaussian step from the best point, shrinking when it fails. Unlike Clara it may use several workers.
 */
export class ClaraLikeController implements Controller {
  readonly #jobs: number;
  readonly #combinations: Combination[] = [];
  readonly #asked = new Map<number, { readonly of: Combination; readonly values: SearchValues }>();
  #space!: SearchSpace;
  #random!: SeededRandom;

  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  setSearchSpace({ space, seed }: ControllerSetup): void {
    this.#space = space;
    this.#random = makeSeededRandom(seed);
    const levels = (parameter: SearchSpace['parameters'][number]) =>
      isNumeric(parameter) ? [middleOf(parameter)] : discreteLevels(parameter);
    for (const best of enumeratePoints(space, levels)) {
      if (this.#combinations.length === MOST_COMBINATIONS) break;
      this.#combinations.push({ best, score: Number.NEGATIVE_INFINITY, step: STEP });
    }
  }

  initialRecommendation(): readonly Recommendation[] {
    return this.#combinations
      .slice(0, this.#jobs)
      .map((combination) => this.#ask(combination, combination.best));
  }

  refineRecommendation({
    recommendationId,
    score = Number.NEGATIVE_INFINITY,
  }: Outcome): readonly Recommendation[] {
    const { of, values } = this.#asked.get(recommendationId)!;
    if (score > of.score) {
      of.best = values;
      of.score = score;
    } else of.step *= 0.85;
    if (this.#asked.size >= this.#jobs) return [];
    return [this.#ask(of, this.#move(of))];
  }

  shutdown(): void {}

  #ask(of: Combination, values: SearchValues): Recommendation {
    const id = this.#asked.size;
    this.#asked.set(id, { of, values });
    return { id, values };
  }

  #move({ best, step }: Combination): SearchValues {
    const moved = this.#space.parameters.flatMap((parameter) => {
      const value = best[parameter.prl];
      if (value === undefined) return [];
      if (!isNumeric(parameter)) return [[parameter.prl, value] as const];
      return [
        [parameter.prl, valueAt(parameter, unitOf(parameter, value) + step * this.#random.normal())] as const,
      ];
    });
    return Object.fromEntries(moved);
  }
}

import type { z } from 'zod';
import { FaultError } from '../../../common/fault.ts';
import type { gridControllerSpec } from '../../../common/components/automl-controllers.ts';
import {
  countLevels,
  discreteLevels,
  enumeratePoints,
} from '../../../common/search-space/enumerate-points.ts';
import {
  isActive,
  type SearchParameter,
  type SearchSpace,
  type SearchValues,
} from '../../../common/search-space/search-space.ts';
import { isNumeric, valueAt } from '../../../common/search-space/unit-cube.ts';
import type { Controller, ControllerSetup, Outcome, Recommendation } from '../controller.ts';
import { RecommendationBook } from '../recommendation-book.ts';
import { requireParameters } from '../require-parameters.ts';

/** More points than this are no plan. */
const MOST_POINTS = 100_000;

/**
 * Every combination once. Floats, and ints with more values than `levels`, are tried at the middles of `levels` equal parts
 * of their range. The order goes from the middle outwards, over all parameters at once, so that the first jobs of a grid
 * that is cut short are spread and not all in one corner.
 */
export class GridController implements Controller {
  readonly #args: z.output<typeof gridControllerSpec.args>;
  readonly #book = new RecommendationBook();
  #points: readonly SearchValues[] = [];

  constructor(args: z.output<typeof gridControllerSpec.args>) {
    this.#args = args;
  }

  setSearchSpace({ space }: ControllerSetup): void {
    requireParameters(space);
    const points = listPoints(space, this.#args.levels);
    this.#points = points.slice(0, this.#args.max_jobs ?? points.length);
  }

  initialRecommendation(): readonly Recommendation[] {
    return this.#points.map((values) => this.#book.recommend(values));
  }

  refineRecommendation(outcome: Outcome): readonly Recommendation[] {
    this.#book.settle(outcome);
    return [];
  }

  plannedJobs(): number {
    return this.#points.length;
  }

  shutdown(): void {}
}

function listPoints(space: SearchSpace, levels: number): SearchValues[] {
  const points: SearchValues[] = [];
  for (const values of enumeratePoints(space, (parameter) => gridLevels(parameter, levels))) {
    points.push(values);
    if (points.length > MOST_POINTS) {
      throw new FaultError({
        code: 'search-too-large',
        message: `The grid has more than ${MOST_POINTS} points.`,
        component: 'GridController',
        argument: 'levels',
        allowed: 'fewer levels or choices, or another controller',
      });
    }
  }
  // sorting is stable: points equally far from the middle keep their order
  return points.sort((a, b) => distanceFromMiddle(space, a, levels) - distanceFromMiddle(space, b, levels));
}

function gridLevels(parameter: SearchParameter, levels: number): readonly number[] {
  if (!isNumeric(parameter) || countLevels(parameter) <= levels) return discreteLevels(parameter)!;
  const values = Array.from({ length: levels }, (_, level) => valueAt(parameter, (level + 0.5) / levels));
  return [...new Set(values)];
}

/** How many steps a point is from the middle levels, or from the first choices, added up over its parameters. */
function distanceFromMiddle(space: SearchSpace, values: SearchValues, levels: number): number {
  return space.parameters
    .filter((parameter) => isActive(parameter, values))
    .reduce((sum, parameter) => {
      if (!isNumeric(parameter)) return sum + values[parameter.prl]!;
      const tried = gridLevels(parameter, levels);
      const middle = Math.floor((tried.length - 1) / 2);
      return sum + Math.abs(tried.indexOf(values[parameter.prl]!) - middle);
    }, 0);
}

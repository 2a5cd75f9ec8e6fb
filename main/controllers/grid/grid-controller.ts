import type { z } from 'zod';
import type { gridControllerSpec } from '../../../common/components/automl-controllers.ts';
import { FaultError, type Fault } from '../../../common/fault.ts';
import type { SearchSpace, SearchValues } from '../../../common/search-space/search-space.ts';
import type { Controller, ControllerSetup, Recommendation } from '../controller.ts';
import { requireParameters } from '../require-parameters.ts';
import { spreadLevels } from './spread-levels.ts';
import { walkGrid } from './walk-grid.ts';

/** A larger grid is not meant: it has to be cut with `max_jobs`. */
const MOST_JOBS = 10_000;

/** Tries every point of a grid once, whatever came of the others, in an order in which early jobs spread. */
export class GridController implements Controller {
  readonly #args: z.output<typeof gridControllerSpec.args>;
  #points: readonly SearchValues[] = [];

  constructor(args: z.output<typeof gridControllerSpec.args>) {
    this.#args = args;
  }

  setSearchSpace({ space }: ControllerSetup): void {
    requireParameters(space);
    const { levels, max_jobs: mostJobs } = this.#args;
    const points = takePoints(space, levels, mostJobs ?? MOST_JOBS + 1);
    if (mostJobs === undefined && points.length > MOST_JOBS) throw new FaultError(tooLarge(levels));
    this.#points = points;
  }

  /** All jobs at once: none has to wait for another. */
  initialRecommendation(): readonly Recommendation[] {
    return this.#points.map((values, id) => ({ id, values }));
  }

  refineRecommendation(): readonly Recommendation[] {
    return [];
  }

  plannedJobs(): number {
    return this.#points.length;
  }

  shutdown(): void {}
}

function takePoints(space: SearchSpace, count: number, most: number): readonly SearchValues[] {
  const levels = new Map(
    space.parameters.map((parameter) => [parameter.prl, spreadLevels(parameter, count)]),
  );
  const points: SearchValues[] = [];
  for (const values of walkGrid(space, levels)) {
    if (points.length === most) break;
    points.push(values);
  }
  return points;
}

function tooLarge(levels: number): Fault {
  return {
    code: 'search-too-large',
    component: 'GridController',
    argument: 'levels',
    message: `The grid has more than ${MOST_JOBS} points with ${levels} levels.`,
    allowed: 'fewer levels, or max_jobs to try only so many points',
  };
}

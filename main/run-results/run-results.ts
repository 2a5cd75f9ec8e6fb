import { setImmediate as breathe } from 'node:timers/promises';
import { LEAST_POINTS, ScoreForest } from '../../common/analysis/score-forest.ts';
import type { ContourGrid, Importance } from '../../common/api/results.ts';
import type { JobRow, RunHead } from '../../common/api/runs.ts';
import { FaultError } from '../../common/fault.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import type { RunDesk } from '../run-desk/run-desk.ts';
import type { RunPlace } from '../run-desk/run-picture.ts';
import type { Clock } from '../ports/clock.ts';

/** A run as it is now. */
export interface ReadRun {
  readonly head: RunHead;
  readonly space: SearchSpace;
  readonly jobs: readonly JobRow[];
}

const FORESTS_KEPT = 4;

/** Reads runs, and learns from their scores. What was learned is kept until there are further scores. */
export class RunResults {
  readonly #desk: RunDesk;
  readonly #clock: Clock;
  readonly #forests = new Map<string, { readonly version: string; readonly forest: Promise<ScoreForest> }>();

  constructor(desk: RunDesk, clock: Clock) {
    this.#desk = desk;
    this.#clock = clock;
  }

  /** @throws FaultError `run-not-found`, `journal-damaged`; `search-empty` for a run that never began */
  async read(place: RunPlace): Promise<ReadRun> {
    const feed = await this.#desk.feedOf(place);
    await feed.refresh();
    const { picture } = feed;
    const head = picture.head(this.#clock.now());
    const space = picture.view?.space;
    if (head === undefined || space === undefined)
      throw new FaultError({ code: 'search-empty', file: place.run, message: 'The run has not begun.' });
    return { head, space, jobs: picture.jobsAfter().map((job) => picture.row(job)) };
  }

  async importance(place: RunPlace): Promise<Importance> {
    const run = await this.read(place);
    const jobs = countScores(run);
    if (jobs < LEAST_POINTS) return { jobs, needed: LEAST_POINTS, rows: [], marginals: [] };
    const forest = await this.#forest(place, run);
    return {
      jobs,
      needed: LEAST_POINTS,
      rows: [...forest.importance()],
      marginals: run.space.parameters.map(({ prl }) => {
        const { x, mean, spread } = forest.marginal(prl)!;
        return { prl, x: [...x], mean: [...mean], spread: [...spread] };
      }),
    };
  }

  /** @throws FaultError `search-empty` when there are too few scores or there is no such parameter */
  async contour(place: RunPlace, x: string, y: string): Promise<ContourGrid> {
    const run = await this.read(place);
    const grid = countScores(run) < LEAST_POINTS ? undefined : (await this.#forest(place, run)).contour(x, y);
    if (grid === undefined)
      throw new FaultError({
        code: 'search-empty',
        file: place.run,
        message: 'There is nothing to show over these two parameters.',
        allowed: `two parameters of the run, and ${LEAST_POINTS} jobs with a score`,
      });
    return { x: [...grid.x], y: [...grid.y], mean: [...grid.mean] };
  }

  #forest(place: RunPlace, run: ReadRun): Promise<ScoreForest> {
    const key = `${place.mmar}/${place.run}`;
    const version = `${countScores(run)} ${run.head.startedAt}`;
    const known = this.#forests.get(key);
    if (known?.version === version) return known.forest;
    const forest = growSlowly(run);
    this.#forests.delete(key);
    this.#forests.set(key, { version, forest });
    const [oldest] = this.#forests.keys();
    if (this.#forests.size > FORESTS_KEPT) this.#forests.delete(oldest!);
    return forest;
  }
}

/** Tree by tree, so that runs and windows are served in between. */
async function growSlowly({ jobs, space }: ReadRun): Promise<ScoreForest> {
  const points = jobs.filter(hasResult).map(({ score, values }) => ({ score: score!, values }));
  const growing = ScoreForest.grow(space.parameters, points);
  for (;;) {
    const step = growing.next();
    if (step.done === true) return step.value;
    await breathe();
  }
}

/** What a running job has so far is no result. */
const hasResult = ({ score, state }: JobRow): boolean =>
  score !== undefined && state !== 'running' && state !== 'interrupted';
const countScores = ({ jobs }: ReadRun): number => jobs.filter(hasResult).length;

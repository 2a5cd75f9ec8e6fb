import type { SearchSpace, SearchValues } from '../../common/search-space/search-space.ts';

/** One point of the space to try. Ids count up from 0 within a run. */
export interface Recommendation {
  readonly id: number;
  readonly values: SearchValues;
}

/** What came of a recommendation. */
export interface Outcome {
  readonly recommendationId: number;
  readonly status: 'completed' | 'failed' | 'aborted' | 'timeout' | 'diverged';
  /** Best value of the key metric, larger is better; undefined when there is none (Clara's -1000000 at its borders). */
  readonly score: number | undefined;
}

/** What a controller may know of the run, besides the space. */
export interface ControllerSetup {
  readonly space: SearchSpace;
  /** Same seed and same order of outcomes: same recommendations. */
  readonly seed: number;
  readonly numWorkers: number;
}

/**
 * A search algorithm: a deterministic state machine without clock, files or global random numbers.
 *
 * The engine calls {@link setSearchSpace} once, then {@link initialRecommendation} once, then
 * {@link refineRecommendation} once per finished job, in the order of finishing. Each answer may hold any number of
 * recommendations, which wait in a queue for free workers. When nothing is queued or running, the run ends.
 * After a resume the engine makes the same calls again, from the journal: equal calls must give equal answers.
 */
export interface Controller {
  /** Refuses a space that it cannot search by throwing a FaultError that says which parameter and why. */
  setSearchSpace(setup: ControllerSetup): void | Promise<void>;
  initialRecommendation(): readonly Recommendation[] | Promise<readonly Recommendation[]>;
  refineRecommendation(outcome: Outcome): readonly Recommendation[] | Promise<readonly Recommendation[]>;
  /** The total number of jobs that it means to try, where it knows: for progress and time left. */
  plannedJobs?(): number | undefined;
  /**
   * Asked after each answer: a text ends the run at once (what waits is dropped, what runs is aborted), as Clara's
   * `stop_work` does. Nothing: the run goes on.
   */
  stopReason?(): string | undefined;
  shutdown(): void | Promise<void>;
}

import type { SearchValues } from '../../../common/search-space/search-space.ts';
import type { Problem } from '../problems/problem.ts';

/** A point to evaluate. */
export interface Asked {
  readonly id: number;
  readonly values: SearchValues;
}

/** One search in progress. */
export interface Search {
  /** The next point; undefined when there is none until more is told, or none at all. */
  ask(): Promise<Asked | undefined>;
  tell(id: number, loss: number): Promise<void>;
}

/** A search algorithm under test. */
export interface Searcher {
  readonly name: string;
  start(problem: Problem, seed: number, workers: number, jobs: number): Promise<Search>;
  close(): Promise<void>;
}

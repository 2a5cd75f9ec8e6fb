import { pointKey } from '../../common/search-space/draw-point.ts';
import type { SearchValues } from '../../common/search-space/search-space.ts';
import type { Outcome, Recommendation } from './controller.ts';

/** A recommendation with what came of it. */
export interface Trial extends Recommendation {
  readonly outcome: Outcome;
}

/** Bookkeeping that every controller needs: ids that count up, what is pending, what came of the rest. */
export class RecommendationBook {
  readonly #pending = new Map<number, Recommendation>();
  readonly #keys = new Set<string>();
  readonly #trials: Trial[] = [];
  #nextId = 0;

  /** How many were recommended so far. */
  get count(): number {
    return this.#nextId;
  }

  /** Recommended, and not ended yet. */
  get pending(): readonly Recommendation[] {
    return [...this.#pending.values()];
  }

  /** What has ended, in the order of ending. */
  get trials(): readonly Trial[] {
    return this.#trials;
  }

  has(values: SearchValues): boolean {
    return this.#keys.has(pointKey(values));
  }

  recommend(values: SearchValues): Recommendation {
    const recommendation = { id: this.#nextId++, values };
    this.#pending.set(recommendation.id, recommendation);
    this.#keys.add(pointKey(values));
    return recommendation;
  }

  /** Takes in an outcome; one that was never recommended, or was told before, is a defect of the caller. */
  settle(outcome: Outcome): void {
    const recommendation = this.#pending.get(outcome.recommendationId);
    if (recommendation === undefined) {
      throw new Error(`there is no pending recommendation ${outcome.recommendationId}`);
    }
    this.#pending.delete(outcome.recommendationId);
    this.#trials.push({ ...recommendation, outcome });
  }
}

/** The score to rank by: undefined for anything that did not complete with a finite one. */
export function scoreOf({ status, score }: Outcome): number | undefined {
  return status === 'completed' && score !== undefined && Number.isFinite(score) ? score : undefined;
}

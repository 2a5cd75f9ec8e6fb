/** A job that has ended with a score. */
export interface EndedScore {
  readonly job: string;
  readonly endedAt: string;
  readonly score: number;
}

/** Scores in the order of ending, with the best one so far. */
export interface ScoreStep {
  readonly job: string;
  /** From 1: the how-manieth score. */
  readonly order: number;
  readonly seconds: number;
  readonly score: number;
  readonly best: number;
  /** It was better than all before it. */
  readonly isBest: boolean;
}

/** @param startedAt ISO 8601: what seconds are counted from */
export function stepScores(jobs: readonly EndedScore[], startedAt: string): readonly ScoreStep[] {
  const start = Date.parse(startedAt);
  let best = -Infinity;
  return jobs
    .toSorted((a, b) => a.endedAt.localeCompare(b.endedAt) || a.job.localeCompare(b.job))
    .map(({ job, endedAt, score }, index) => {
      const isBest = score > best;
      best = Math.max(best, score);
      return { job, order: index + 1, seconds: (Date.parse(endedAt) - start) / 1000, score, best, isBest };
    });
}

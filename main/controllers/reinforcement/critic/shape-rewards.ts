/**
 * Scores as the critic sees them: mean 0, deviation 1, and everything that is farther below the median than the best is
 * above it counts as equally bad. So one diverged job, or a score of another magnitude, does not hide the differences
 * among good ones; a job without a score is as bad as the worst.
 */
export function shapeRewards(scores: readonly (number | undefined)[]): Float64Array {
  const known = scores.filter((score) => score !== undefined).sort((a, b) => a - b);
  const best = known.at(-1) ?? 0;
  const median = known[Math.floor(known.length / 2)] ?? 0;
  const worst = Math.max(median - (best - median), known[0] ?? 0);
  const clipped = scores.map((score) => Math.max(worst, score ?? worst));
  const mean = clipped.reduce((sum, score) => sum + score, 0) / clipped.length;
  const variance = clipped.reduce((sum, score) => sum + (score - mean) ** 2, 0) / clipped.length;
  const deviation = variance > 0 ? Math.sqrt(variance) : 1;
  return Float64Array.from(clipped, (score) => (score - mean) / deviation);
}

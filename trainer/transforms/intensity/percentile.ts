/**
 * The value that `percent` of the data lie below, by linear interpolation between the two nearest ranks (numpy's default).
 * No data give NaN.
 */
export function percentile(data: Float32Array, percent: number): number {
  const sorted = Float32Array.from(data).sort();
  const rank = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, sorted.length - 1);
  const share = rank - below;
  const step = sorted[above] - sorted[below];
  return share < 0.5 ? sorted[below] + step * share : sorted[above] - step * (1 - share);
}

/** One digit after the point. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The value below which a share of all lies. @param share 0.5: the median, 1: the largest */
export function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
}

/** A number as Python's `{:.4f}` prints it; `n/a` for one that is undefined. */
export function formatFixed(value: number | null): string {
  if (value === null) return 'n/a';
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return value.toFixed(4);
}

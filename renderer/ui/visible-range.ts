/** The rows of a list that a window of it shows, `from` inclusive and `to` exclusive. */
export interface VisibleRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Rows of equal height that a viewport shows, and `overscan` more on both sides so that fast scrolling shows no gaps.
 * All lengths in pixels.
 */
export function visibleRange(
  count: number,
  rowHeight: number,
  scrollTop: number,
  viewportHeight: number,
  overscan = 8,
): VisibleRange {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const last = Math.ceil((Math.max(0, scrollTop) + viewportHeight) / rowHeight);
  const to = Math.min(count, last + overscan);
  return { from: Math.min(Math.max(0, first - overscan), to), to };
}

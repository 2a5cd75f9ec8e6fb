/** A curve: values over ascending x, null where one is no finite number. */
export interface CurveSeries {
  readonly key: string;
  readonly label: string;
  /** As CSS: `var(--chart-1)`. */
  readonly colour: string;
  readonly isDashed?: boolean;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** More points per curve than a screen has pixels show nothing further. */
const MOST_POINTS = 1500;

/**
 * Curves as one table: all x in order, and for each curve its value there, undefined where it has no point. Of long
 * curves every n-th point is taken, and always the last.
 */
export function joinCurves(
  curves: readonly CurveSeries[],
): readonly [readonly number[], ...(readonly (number | null | undefined)[])[]] {
  const thinned = curves.map(thin);
  const x = [...new Set(thinned.flatMap((curve) => curve.x))].toSorted((a, b) => a - b);
  const places = new Map(x.map((value, index) => [value, index]));
  const columns = thinned.map((curve) => {
    const column = new Array<number | null | undefined>(x.length).fill(undefined);
    curve.x.forEach((value, index) => (column[places.get(value)!] = curve.y[index] ?? null));
    return column;
  });
  return [x, ...columns];
}

function thin({ x, y }: CurveSeries): Pick<CurveSeries, 'x' | 'y'> {
  const stride = Math.ceil(x.length / MOST_POINTS);
  if (stride <= 1) return { x, y };
  const isTaken = (_: unknown, index: number): boolean => index % stride === 0 || index === x.length - 1;
  return { x: x.filter(isTaken), y: y.filter(isTaken) };
}

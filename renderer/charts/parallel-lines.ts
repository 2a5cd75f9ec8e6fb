import type { ParameterAxis } from '../../common/charts/parameter-axis.ts';

/** One job as a line: its place on every axis, undefined where it has none. */
export interface ParallelLine {
  readonly key: string;
  readonly units: readonly (number | undefined)[];
  /** What its colour follows, 0 to 1: its place on the score's axis. */
  readonly share: number;
}

/** A range on an axis that lines have to go through, low end first, in units. */
export type Brush = readonly [number, number];
export type Brushes = ReadonlyMap<string, Brush>;

/** The lines that go through all brushes. A line that has no place on a brushed axis does not. */
export function keptLines(
  lines: readonly ParallelLine[],
  axes: readonly Pick<ParameterAxis, 'key'>[],
  brushes: Brushes,
): ReadonlySet<string> | undefined {
  if (brushes.size === 0) return undefined;
  const ranges = axes.flatMap(({ key }, index) => {
    const brush = brushes.get(key);
    return brush === undefined ? [] : [{ index, brush }];
  });
  const isKept = ({ units }: ParallelLine): boolean =>
    ranges.every(({ index, brush: [low, high] }) => {
      const unit = units[index];
      return unit !== undefined && unit >= low && unit <= high;
    });
  return new Set(lines.filter(isKept).map(({ key }) => key));
}

/** A brush from one end of a drag to the other; undefined for a click, which takes a brush away. */
export function brushBetween(from: number, to: number): Brush | undefined {
  const [low, high] = from < to ? [from, to] : [to, from];
  if (high - low < 0.015) return undefined;
  return [Math.max(0, low), Math.min(1, high)];
}

/** The line that is nearest to a place between two axes, within `reach` (in units of the height). */
export function findLine(
  lines: readonly ParallelLine[],
  between: number,
  part: number,
  unit: number,
  reach: number,
): string | undefined {
  let nearest: string | undefined;
  let least = reach;
  for (const { key, units } of lines) {
    const [a, b] = [units[between], units[between + 1]];
    if (a === undefined || b === undefined) continue;
    const distance = Math.abs(a + (b - a) * part - unit);
    if (distance <= least) {
      least = distance;
      nearest = key;
    }
  }
  return nearest;
}

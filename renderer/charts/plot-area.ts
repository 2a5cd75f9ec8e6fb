/** Pixels around a plot's data, for ticks and titles. */
export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** The rectangle that data are drawn in, and where places of the unit square are in it. */
export class PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;

  /** @param width of the canvas, in CSS pixels */
  constructor(width: number, height: number, margins: Margins) {
    this.left = margins.left;
    this.top = margins.top;
    this.width = Math.max(1, width - margins.left - margins.right);
    this.height = Math.max(1, height - margins.top - margins.bottom);
  }

  get right(): number {
    return this.left + this.width;
  }

  get bottom(): number {
    return this.top + this.height;
  }

  /** @param unit 0 at the left */
  x(unit: number): number {
    return this.left + unit * this.width;
  }

  /** @param unit 0 at the bottom */
  y(unit: number): number {
    return this.bottom - unit * this.height;
  }

  unitOfX(x: number): number {
    return (x - this.left) / this.width;
  }

  unitOfY(y: number): number {
    return (this.bottom - y) / this.height;
  }
}

/** A mark on an axis. */
export interface Tick {
  readonly unit: number;
  readonly text: string;
}

/** Ticks whose texts do not run into each other: the first stays, and each that has room after the one before. */
export function thinTicks(
  ticks: readonly Tick[],
  length: number,
  widthOf: (text: string) => number,
  gap = 8,
): readonly Tick[] {
  const kept: Tick[] = [];
  let free = -Infinity;
  for (const tick of ticks.toSorted((a, b) => a.unit - b.unit)) {
    const half = widthOf(tick.text) / 2;
    if (tick.unit * length - half < free) continue;
    kept.push(tick);
    free = tick.unit * length + half + gap;
  }
  return kept;
}

/** The point that is nearest to a place, within `reach` pixels. */
export function findNearest<Point extends { readonly x: number; readonly y: number }>(
  points: readonly Point[],
  x: number,
  y: number,
  reach = 14,
): Point | undefined {
  let nearest: Point | undefined;
  let least = reach ** 2;
  for (const point of points) {
    const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
    if (distance <= least) {
      nearest = point;
      least = distance;
    }
  }
  return nearest;
}

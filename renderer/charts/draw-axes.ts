import { thinTicks, type PlotArea, type Tick } from './plot-area.ts';
import type { PlotColours } from './plot-colours.ts';

export interface AxesToDraw {
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
  readonly xTitle?: string;
  readonly yTitle?: string;
  /** False where something else fills the plot. */
  readonly hasGrid?: boolean;
}

const LONGEST_TICK = 22;

/** Grid lines, ticks and titles around a plot. */
export function drawAxes(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  { x, y, xTitle, yTitle, hasGrid = true }: AxesToDraw,
  colours: PlotColours,
): void {
  context.font = colours.font;
  context.lineWidth = 1;
  context.strokeStyle = colours.grid;
  context.fillStyle = colours.axis;
  context.beginPath();
  if (hasGrid) for (const { unit } of y) line(context, area.left, area.y(unit), area.right, area.y(unit));
  context.stroke();
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { unit, text } of y) context.fillText(text, area.left - 8, area.y(unit), area.left - 10);
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const widthOf = (text: string): number => context.measureText(text).width;
  for (const { unit, text } of thinTicks(x.map(shortenTick), area.width, widthOf))
    context.fillText(text, area.x(unit), area.bottom + 7);
  if (xTitle !== undefined) context.fillText(xTitle, area.x(0.5), area.bottom + 23, area.width);
  if (yTitle !== undefined) {
    context.textAlign = 'left';
    context.fillText(yTitle, area.left, 2, area.width);
  }
}

/** Crisp at any place: through the middle of pixels. */
function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.moveTo(Math.round(x0), Math.round(y0) + 0.5);
  context.lineTo(Math.round(x1), Math.round(y1) + 0.5);
}

const shortenTick = ({ unit, text }: Tick): Tick => ({
  unit,
  text: text.length > LONGEST_TICK ? `${text.slice(0, LONGEST_TICK - 1)}…` : text,
});

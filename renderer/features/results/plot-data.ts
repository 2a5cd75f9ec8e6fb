import type { ContourGrid, MarginalCurve } from '../../../common/api/results.ts';
import type { JobRow } from '../../../common/api/runs.ts';
import type { ParameterAxis } from '../../../common/charts/parameter-axis.ts';
import type { ScoreStep } from '../../../common/charts/score-steps.ts';
import type { PlotCell, PlotLine, PlotPoint } from '../../charts/PointPlot.svelte';
import type { Tick } from '../../charts/plot-area.ts';

/** Scores in the order of ending, and the best so far as a line. */
export function plotScores(
  steps: readonly ScoreStep[],
  scoreAxis: ParameterAxis,
): { readonly points: readonly PlotPoint[]; readonly line: PlotLine; readonly ticks: readonly Tick[] } {
  const unitOf = (order: number): number => (order - 0.5) / Math.max(1, steps.length);
  const stride = niceStride(steps.length);
  const ticks = Array.from({ length: Math.floor(steps.length / stride) }, (_, index) => {
    const order = (index + 1) * stride;
    return { unit: unitOf(order), text: String(order) };
  });
  return {
    points: steps.map(({ job, order, score, isBest }) => ({
      key: job,
      x: unitOf(order),
      y: scoreAxis.unitOf(score) ?? 0,
      isBest,
    })),
    line: {
      isStepped: true,
      points: [
        ...steps.map(({ order, best }) => ({ x: unitOf(order), y: scoreAxis.unitOf(best) ?? 0 })),
        ...(steps.length === 0 ? [] : [{ x: 1, y: scoreAxis.unitOf(steps.at(-1)!.best) ?? 0 }]),
      ],
    },
    ticks,
  };
}

/** Scores along one parameter, with what a forest expects and how sure it is. */
export function plotSlice(
  jobs: readonly JobRow[],
  axis: ParameterAxis,
  scoreAxis: ParameterAxis,
  marginal: MarginalCurve | undefined,
): { readonly points: readonly PlotPoint[]; readonly lines: readonly PlotLine[] } {
  const points = jobs.flatMap(({ job, score, values }): PlotPoint[] => {
    const [x, y] = [axis.unitOf(values[axis.key]), scoreAxis.unitOf(score)];
    return x === undefined || y === undefined ? [] : [{ key: job, x, y }];
  });
  if (marginal === undefined) return { points, lines: [] };
  const lineAt = (offset: number): PlotLine['points'] =>
    marginal.x
      .map((value, index) => ({
        x: axis.unitOf(value) ?? 0,
        y: scoreAxis.unitOf(marginal.mean[index]! + offset * marginal.spread[index]!) ?? 0,
      }))
      .toSorted((a, b) => a.x - b.x);
  return {
    points,
    lines: [
      { points: lineAt(0) },
      { points: lineAt(1), isDashed: true },
      { points: lineAt(-1), isDashed: true },
    ],
  };
}

/** Jobs over two parameters, on what a forest expects there. */
export function plotContour(
  jobs: readonly JobRow[],
  x: ParameterAxis,
  y: ParameterAxis,
  grid: ContourGrid | undefined,
  bestJob: string | undefined,
): { readonly points: readonly PlotPoint[]; readonly cells: readonly PlotCell[] } {
  const points = jobs.flatMap(({ job, values }): PlotPoint[] => {
    const [unitX, unitY] = [x.unitOf(values[x.key]), y.unitOf(values[y.key])];
    return unitX === undefined || unitY === undefined
      ? []
      : [{ key: job, x: unitX, y: unitY, isBest: job === bestJob }];
  });
  return { points, cells: grid === undefined ? [] : makeCells(grid, x, y) };
}

/** A rectangle around each place of the grid, half way to its neighbours. */
function makeCells(grid: ContourGrid, x: ParameterAxis, y: ParameterAxis): readonly PlotCell[] {
  const [edgesX, edgesY] = [edgesOf(grid.x, x), edgesOf(grid.y, y)];
  const low = Math.min(...grid.mean);
  const range = Math.max(...grid.mean) - low || 1;
  return edgesY.flatMap(([y0, y1], row) =>
    edgesX.map(([x0, x1], column): PlotCell => {
      const share = (grid.mean[row * grid.x.length + column]! - low) / range;
      // Bands make the shape visible, as contour lines do.
      return { x0, x1, y0, y1, share: Math.round(share * 10) / 10 };
    }),
  );
}

function edgesOf(values: readonly number[], axis: ParameterAxis): readonly (readonly [number, number])[] {
  const units = values.map((value) => axis.unitOf(value) ?? 0);
  const sorted = units.toSorted((a, b) => a - b);
  return units.map((unit) => {
    const index = sorted.indexOf(unit);
    const [before, after] = [sorted[index - 1], sorted[index + 1]];
    return [
      before === undefined ? 0 : (before + unit) / 2,
      after === undefined ? 1 : (after + unit) / 2,
    ] as const;
  });
}

function niceStride(count: number): number {
  const rough = Math.max(1, count / 8);
  const power = 10 ** Math.floor(Math.log10(rough));
  return Math.max(
    1,
    [1, 2, 5, 10].map((factor) => factor * power).find((stride) => stride >= rough)!,
  );
}

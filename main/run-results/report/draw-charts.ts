import type { Importance } from '../../../common/api/results.ts';
import type { JobRow } from '../../../common/api/runs.ts';
import { formatValue, type ParameterAxis } from '../../../common/charts/parameter-axis.ts';
import { domainOf, makeScale, ticksOf } from '../../../common/charts/scale.ts';
import type { ScoreStep } from '../../../common/charts/score-steps.ts';
import { escapeHtml } from './escape-html.ts';

/** Plots of a report as SVG without a script; classes get their colours from the page's style. */

const WIDTH = 860;
const round = (value: number): string => value.toFixed(1);
const svg = (height: number, title: string, content: string): string =>
  `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">${content}</svg>`;
const text = (x: number, y: number, content: string, anchor = 'middle'): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
const shorten = (content: string, length: number): string =>
  content.length <= length ? content : `${content.slice(0, length - 1)}…`;

/** Scores in the order of ending, and the best so far as steps. */
export function drawScores(steps: readonly ScoreStep[], metric: string): string {
  const [height, left, bottom, top] = [280, 60, 34, 12];
  const scale = makeScale(domainOf(steps.map(({ score }) => score)));
  const x = (order: number): number => left + ((order - 0.5) / steps.length) * (WIDTH - left - 12);
  const y = (score: number): number => height - bottom - scale.unitOf(score) * (height - bottom - top);
  const grid = ticksOf(scale).map(
    (tick) =>
      `<line class="grid" x1="${left}" x2="${WIDTH - 12}" y1="${round(y(tick))}" y2="${round(y(tick))}"/>${text(left - 8, y(tick) + 4, formatValue(tick), 'end')}`,
  );
  const line = steps
    .map(({ order, best }, index) =>
      index === 0 ? `M${round(x(order))} ${round(y(best))}` : `H${round(x(order))}V${round(y(best))}`,
    )
    .join('');
  const dots = steps.map(
    ({ order, score, job, isBest }) =>
      `<circle class="${isBest ? 'best' : 'dot'}" cx="${round(x(order))}" cy="${round(y(score))}" r="${isBest ? 4.5 : 3}"><title>${escapeHtml(`${job}: ${formatValue(score)}`)}</title></circle>`,
  );
  const axis = text(WIDTH / 2, height - 6, 'jobs in the order of ending');
  return svg(
    height,
    `${metric} over time`,
    `${grid.join('')}<path class="steps" d="${line}"/>${dots.join('')}${axis}`,
  );
}

/** A line per job through all its values to its score; the best tenth stands out. */
export function drawParallel(axes: readonly ParameterAxis[], jobs: readonly JobRow[], best: number): string {
  const [height, left, right, top, bottom] = [340, 70, 110, 40, 16];
  const x = (index: number): number => left + (index / Math.max(1, axes.length - 1)) * (WIDTH - left - right);
  const y = (unit: number): number => height - bottom - unit * (height - top - bottom);
  const lines = jobs.map((job) => {
    const points = axes.map((axis, index) => {
      const unit = axis.unitOf(axis.key === 'score' ? job.score : job.values[axis.key]);
      return unit === undefined ? undefined : `${round(x(index))} ${round(y(unit))}`;
    });
    const isBest = job.score !== undefined && job.score >= best;
    return `<path class="${isBest ? 'line best' : 'line'}" d="M${points.filter((point) => point !== undefined).join('L')}"/>`;
  });
  const scales = axes.map((axis, index) => {
    const ticks = axis.ticks.map(({ unit, text: label }) =>
      text(x(index) + 6, y(unit) + 4, shorten(label, 16), 'start'),
    );
    return `<line class="axis" x1="${round(x(index))}" x2="${round(x(index))}" y1="${top}" y2="${height - bottom}"/>${ticks.join('')}${text(x(index), 18, shorten(axis.title, 24))}`;
  });
  return svg(height, 'values and scores of all jobs', `${lines.join('')}${scales.join('')}`);
}

/** A bar per parameter. */
export function drawImportance(rows: Importance['rows'], names: ReadonlyMap<string, string>): string {
  const [rowHeight, left] = [26, 240];
  const bars = rows.map(({ prl, importance }, index) => {
    const y = index * rowHeight;
    const width = importance * (WIDTH - left - 70);
    return `${text(left - 10, y + 17, shorten(names.get(prl) ?? prl, 36), 'end')}<rect class="bar" x="${left}" y="${y + 5}" width="${round(Math.max(1, width))}" height="16" rx="2"/>${text(left + width + 8, y + 17, `${(importance * 100).toFixed(1)} %`, 'start')}`;
  });
  return svg(rows.length * rowHeight + 6, 'importance of the parameters', bars.join(''));
}

/** Scores along one parameter, with what a forest expects. */
export function drawSlice(
  axis: ParameterAxis,
  jobs: readonly JobRow[],
  marginal: Importance['marginals'][number] | undefined,
): string {
  const [height, left, bottom, top] = [220, 60, 40, 10];
  const scored = jobs.filter(({ score, values }) => score !== undefined && values[axis.key] !== undefined);
  const scale = makeScale(domainOf(scored.map(({ score }) => score!)));
  const x = (unit: number): number => left + unit * (WIDTH - left - 20);
  const y = (score: number): number => height - bottom - scale.unitOf(score) * (height - bottom - top);
  const grid = ticksOf(scale, 4).map(
    (tick) =>
      `<line class="grid" x1="${left}" x2="${WIDTH - 20}" y1="${round(y(tick))}" y2="${round(y(tick))}"/>${text(left - 8, y(tick) + 4, formatValue(tick), 'end')}`,
  );
  const ticks = axis.ticks.map(({ unit, text: label }) =>
    text(x(unit), height - bottom + 16, shorten(label, 18)),
  );
  const dots = scored.map(
    ({ score, values }) =>
      `<circle class="dot" cx="${round(x(axis.unitOf(values[axis.key])!))}" cy="${round(y(score!))}" r="3"/>`,
  );
  const line = (marginal?.x ?? []).map(
    (value, index) => `${round(x(axis.unitOf(value)!))} ${round(y(marginal!.mean[index]!))}`,
  );
  const path = line.length === 0 ? '' : `<path class="steps" d="M${line.join('L')}"/>`;
  return svg(
    height,
    axis.title,
    `${grid.join('')}${ticks.join('')}${dots.join('')}${path}${text(WIDTH / 2, height - 4, axis.title)}`,
  );
}

import type { Importance } from '../../../common/api/results.ts';
import type { JobRow, RunHead } from '../../../common/api/runs.ts';
import {
  formatValue,
  makeParameterAxis,
  makeScoreAxis,
  nameParameters,
  type ParameterAxis,
} from '../../../common/charts/parameter-axis.ts';
import { domainOf } from '../../../common/charts/scale.ts';
import { stepScores } from '../../../common/charts/score-steps.ts';
import { rankJobs } from '../../../common/run/rank-jobs.ts';
import type { SearchSpace } from '../../../common/search-space/search-space.ts';
import { drawImportance, drawParallel, drawScores, drawSlice } from './draw-charts.ts';
import { escapeHtml } from './escape-html.ts';
import { REPORT_STYLE } from './report-style.ts';

/** What a report tells of. */
export interface ReportedRun {
  readonly head: RunHead;
  readonly space: SearchSpace;
  readonly jobs: readonly JobRow[];
  readonly importance: Importance;
  /** Of the program that writes it. */
  readonly version: string;
}

const ROWS_SHOWN = 50;
const LINES_SHOWN = 500;
const SLICES_SHOWN = 6;

/**
 * A run as one HTML file that shows itself: no script, nothing loaded from anywhere. It says what was searched and what
 * came of it, by the names of the search; it holds no path and nothing of any case.
 */
export function writeReport({ head, space, jobs, importance, version }: ReportedRun): string {
  const ranked = rankJobs(jobs);
  const scored = ranked.filter(({ score }) => score !== undefined);
  const names = nameParameters(space.parameters);
  const axes = space.parameters.map((parameter) => makeParameterAxis(parameter, names.get(parameter.prl)!));
  const metric = head.keyMetric ?? 'score';
  const sections = [
    section('Summary', summarize(head, scored)),
    ...(scored.length === 0 ? [] : describeScores(scored, axes, head, metric)),
    ...(importance.rows.length === 0
      ? []
      : [section('What mattered', describeImportance(importance, names))]),
    ...describeSlices(importance, axes, scored),
    section('Leaderboard', tabulate(ranked, axes, metric)),
    section('What was searched', listSpace(axes, space)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Search ${escapeHtml(head.run)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<h1>Search ${escapeHtml(head.run)}</h1>
<p class="state">${escapeHtml(describeState(head))}</p>
${sections.join('\n')}
<footer>Outerloop ${escapeHtml(version)}</footer>
</body>
</html>
`;
}

const section = (title: string, content: string): string => `<section><h2>${title}</h2>${content}</section>`;
const pairs = (rows: readonly (readonly [string, string])[]): string =>
  `<dl>${rows.map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`).join('')}</dl>`;

/** Not the reason: it may quote a message that names a place of the machine. */
function describeState({ state, startedAt }: RunHead): string {
  return `${state[0]!.toUpperCase()}${state.slice(1)}, started ${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
}

function summarize(head: RunHead, scored: readonly JobRow[]): string {
  const { jobs, seconds, seed, controller, executor } = head;
  const [best] = scored;
  return pairs([
    ['Best score', best?.score === undefined ? 'none' : `${formatValue(best.score)} (${best.job})`],
    ['Metric', head.keyMetric ?? 'unknown'],
    ['Jobs', describeJobs(jobs)],
    ['Time', formatHours(seconds)],
    // the names of components by path are code of the MMAR's own, not places of the machine
    ['Controller', controller],
    ['Executor', executor],
    ['Seed', String(seed)],
  ]);
}

function describeJobs(jobs: RunHead['jobs']): string {
  const ends = ['completed', 'failed', 'diverged', 'timeout', 'aborted', 'interrupted', 'running'] as const;
  const counts = ends.filter((end) => jobs[end] > 0).map((end) => `${jobs[end]} ${end}`);
  return [`${jobs.started} in all`, ...counts].join(', ');
}

function formatHours(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function describeScores(
  scored: readonly JobRow[],
  axes: readonly ParameterAxis[],
  head: RunHead,
  metric: string,
): string[] {
  const ended = scored.map(({ job, score, endedAt, startedAt }) => ({
    job,
    score: score!,
    endedAt: endedAt ?? startedAt,
  }));
  const steps = stepScores(ended, head.startedAt);
  const shown = scored.slice(0, LINES_SHOWN);
  const axis = makeScoreAxis(domainOf(shown.map(({ score }) => score!)), metric);
  const best = scored[Math.floor(scored.length / 10)]!.score!;
  return [
    section('Scores over time', drawScores(steps, metric)),
    // the best lines last, on top of the others
    section('Values and scores', drawParallel([...axes, axis], shown.toReversed(), best)),
  ];
}

function describeImportance({ rows, jobs }: Importance, names: ReadonlyMap<string, string>): string {
  const note = `Share of the variance of the scores that each parameter explains by itself (fANOVA over a random forest of ${jobs} jobs).`;
  return `${drawImportance(rows, names)}<p class="note">${note}</p>`;
}

function describeSlices(
  { rows, marginals }: Importance,
  axes: readonly ParameterAxis[],
  scored: readonly JobRow[],
): string[] {
  const shown = rows.slice(0, SLICES_SHOWN).map(({ prl }) => axes.find(({ key }) => key === prl)!);
  if (shown.length === 0) return [];
  const slices = shown.map((axis) =>
    drawSlice(
      axis,
      scored,
      marginals.find(({ prl }) => prl === axis.key),
    ),
  );
  return [section('Scores along each parameter', slices.join(''))];
}

function tabulate(ranked: readonly JobRow[], axes: readonly ParameterAxis[], metric: string): string {
  const head = ['', 'Job', metric, 'Status', 'Best epoch', 'Time', ...axes.map(({ title }) => title)];
  const rows = ranked.slice(0, ROWS_SHOWN).map((job, index) => [
    String(index + 1),
    job.job,
    job.score === undefined ? '–' : formatValue(job.score),
    job.state,
    job.bestEpoch === undefined ? '–' : String(job.bestEpoch),
    formatHours(job.seconds),
    ...axes.map((axis) => {
      const value = job.values[axis.key];
      return value === undefined ? '–' : axis.textOf(value);
    }),
  ]);
  const rest = ranked.length - rows.length;
  const note = rest > 0 ? `<p class="note">and ${rest} more; leaderboard.csv holds all</p>` : '';
  return `<div class="wide"><table><thead><tr>${cells('th', head)}</tr></thead><tbody>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</tbody></table></div>${note}`;
}

const cells = (tag: string, texts: readonly string[]): string =>
  texts.map((content) => `<${tag}>${escapeHtml(content)}</${tag}>`).join('');

function listSpace(axes: readonly ParameterAxis[], { parameters }: SearchSpace): string {
  const rows = parameters.map((parameter, index): readonly [string, string] => {
    const axis = axes[index]!;
    if ('choices' in parameter) return [axis.title, axis.ticks.map(({ text }) => text).join(' | ')];
    const { min, max, log, type } = parameter;
    return [axis.title, `${type}, ${formatValue(min)} to ${formatValue(max)}${log ? ', log' : ''}`];
  });
  return pairs(rows);
}

import { NO_SCORE } from '../../common/mmar/train-stats.ts';
import type { JobRecord } from '../../common/run/job-record.ts';
import { rankJobs } from '../../common/run/rank-jobs.ts';
import type { Choice } from '../../common/search-space/search-space.ts';
import { formatCsvCell } from '../../common/text/csv-cell.ts';
import { makePrintable } from '../../common/text/printable.ts';

/** One job in leaderboard.json (docs/run-folder.md). */
export interface LeaderboardRow {
  readonly rank: number;
  readonly job: string;
  readonly status: string;
  /** -1000000 without one, as in Clara's summary. */
  readonly score: number;
  readonly best_epoch: number | null;
  readonly epochs: number | null;
  readonly seconds: number;
  readonly worker: string;
  readonly gpus: readonly string[];
  readonly recommendation: number;
  readonly round: number;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly reason: string | null;
  /** By PRL, in the config's own terms. */
  readonly values: Readonly<Record<string, number | Choice>>;
}

/** The jobs that have ended, best first. */
export function makeLeaderboard(jobs: readonly JobRecord[]): readonly LeaderboardRow[] {
  return rankJobs(jobs).map((record, index) => ({
    rank: index + 1,
    job: record.job,
    status: record.state,
    score: record.score ?? NO_SCORE,
    best_epoch: record.bestEpoch ?? null,
    epochs: record.epochs ?? null,
    seconds: record.seconds,
    worker: record.worker,
    gpus: record.devices,
    recommendation: record.recommendationId,
    round: record.round,
    started_at: record.startedAt,
    ended_at: record.endedAt ?? null,
    reason: record.reason ?? null,
    values: record.concrete,
  }));
}

const COLUMNS = [
  'rank',
  'job',
  'status',
  'score',
  'best_epoch',
  'epochs',
  'seconds',
  'worker',
  'gpus',
  'recommendation',
  'round',
  'started_at',
  'ended_at',
  'reason',
] as const satisfies readonly (keyof LeaderboardRow)[];

/**
 * The leaderboard as CSV (RFC 4180): the columns of the rows, then one per PRL. A cell that a spreadsheet would take for
 * a formula gets an apostrophe, and control characters become pictures of themselves.
 */
export function formatLeaderboardCsv(rows: readonly LeaderboardRow[]): string {
  const prls = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const lines = rows.map((row) => [
    ...COLUMNS.map((column) => formatCell(row[column])),
    ...prls.map((prl) => formatCell(row.values[prl])),
  ]);
  return [[...COLUMNS, ...prls].map((title) => formatCsvCell(title)), ...lines]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('');
}

function formatCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return formatCsvCell(makePrintable(value));
  if (!Array.isArray(value)) return formatCsvCell(JSON.stringify(value));
  const parts: readonly unknown[] = value;
  const isNumber = parts.length === 1 && typeof parts[0] === 'number';
  const text = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ');
  return isNumber ? text : formatCsvCell(makePrintable(text));
}

import type { Metric, MetricOfRun } from '../../../common/mlflow/entities.ts';
import { invalidParameter } from '../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import type { GetHistory, GetHistoryInterval, Page } from '../../../common/mlflow/requests.ts';
import { makePageToken, readPageToken } from '../search/page-token.ts';
import type { StoreContext } from './context.ts';
import { placeholders, type SqlValue } from './database.ts';
import { metricsByRun, readHistory, type History } from './read-history.ts';
import { toMetric, type MetricRow } from './run-rows.ts';

const COLUMNS = 'key, value, timestamp, step, is_nan';
/** -1 is SQLite's "no limit". */
const NO_LIMIT = -1;

/** A point, and where it stands among those that were written. */
export interface WrittenMetric {
  readonly place: number;
  readonly metric: Metric;
}

/** The histories of metrics. */
export class MetricStore {
  readonly #context: StoreContext;

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** All points of one metric of a run, by time, step and value; empty where there are none. */
  getHistory({ run_id, metric_key, max_results, page_token }: GetHistory): Page<Metric> {
    const offset = readPageToken(page_token);
    const { db } = this.#context;
    const rows = db.all<MetricRow>(
      `SELECT ${COLUMNS} FROM ${metricsByRun(db)} WHERE run_uuid = ? AND key = ? ORDER BY timestamp, step, value LIMIT ? OFFSET ?`,
      run_id,
      metric_key,
      max_results === undefined ? NO_LIMIT : max_results + 1,
      offset,
    );
    const isWhole = max_results === undefined || rows.length <= max_results;
    const items = (isWhole ? rows : rows.slice(0, max_results)).map(toMetric);
    return isWhole ? { items } : { items, token: makePageToken(offset + max_results) };
  }

  /** All points of one metric of a run in the order of {@link getHistory}, for histories of any length. */
  readHistory(runId: string, metricKey: string): History {
    return readHistory(this.#context.db, runId, metricKey);
  }

  /** The points of one metric of several runs, run after run, `limit` points at most. */
  getHistories(
    runIds: readonly string[],
    metricKey: string,
    limit: number = MLFLOW_LIMITS.historyBulkPoints,
  ): MetricOfRun[] {
    const { db } = this.#context;
    const rows = db.all<MetricRow & { run_uuid: string }>(
      `SELECT run_uuid, ${COLUMNS} FROM ${metricsByRun(db)} WHERE key = ? AND run_uuid IN (${placeholders(runIds.length)})
       ORDER BY run_uuid, timestamp, step, value LIMIT ?`,
      metricKey,
      ...runIds,
      limit,
    );
    return rows.map((row) => ({ ...toMetric(row), run_id: row.run_uuid }));
  }

  /** At most `max_results` points of one metric for each run, evenly over what was logged, with the first and the last. */
  getInterval(request: GetHistoryInterval): MetricOfRun[] {
    const {
      run_ids,
      metric_key,
      max_results = MLFLOW_LIMITS.historyIntervalPoints,
      start_step,
      end_step,
    } = request;
    if ((start_step === undefined) !== (end_step === undefined))
      throw invalidParameter('If either start step or end step are specified, both must be specified.');
    if (start_step !== undefined && end_step !== undefined && start_step > end_step)
      throw invalidParameter(
        `end_step must be greater than start_step. Found start_step=${start_step} and end_step=${end_step}.`,
      );
    const steps: SqlValue[] = start_step === undefined ? [] : [start_step, end_step!];
    return this.#context.db.read(() =>
      run_ids.flatMap((id) =>
        this.#sample(id, metric_key, max_results, steps).map((row) => ({ ...toMetric(row), run_id: id })),
      ),
    );
  }

  /** The points of a run in the order in which they were written, after a place that an earlier call gave; 0 begins. */
  listAfter(runId: string, place: number, limit: number): readonly WrittenMetric[] {
    return this.#context.db
      .all<MetricRow & { place: number }>(
        `SELECT rowid AS place, ${COLUMNS} FROM metrics WHERE run_uuid = ? AND rowid > ? ORDER BY rowid LIMIT ?`,
        runId,
        place,
        limit,
      )
      .map((row) => ({ place: row.place, metric: toMetric(row) }));
  }

  /** How many points of a run were written up to a place: fewer or more than before when the places were given anew. */
  countUpTo(runId: string, place: number): number {
    return this.#context.db.get<{ n: number }>(
      'SELECT count(*) AS n FROM metrics WHERE run_uuid = ? AND rowid <= ?',
      runId,
      place,
    )!.n;
  }

  /** How many points a metric of a run has. */
  countPoints(runId: string, metricKey: string): number {
    return this.#context.db.get<{ total: number }>(
      'SELECT count(*) AS total FROM metrics WHERE run_uuid = ? AND key = ?',
      runId,
      metricKey,
    )!.total;
  }

  /** The names of a run's metrics. */
  listKeys(runId: string): string[] {
    return this.#context.db
      .all<{ key: string }>('SELECT key FROM latest_metrics WHERE run_uuid = ? ORDER BY key', runId)
      .map(({ key }) => key);
  }

  /** The largest step of a metric; 0 where it has none. */
  getLastStep(runId: string, metricKey: string): number {
    const row = this.#context.db.get<{ step: number | null }>(
      'SELECT max(step) AS step FROM metrics WHERE run_uuid = ? AND key = ?',
      runId,
      metricKey,
    );
    return row?.step ?? 0;
  }

  /**
   * The points in order are dealt into `count` groups of equal size, the first ones larger by one where they do not
   * come out even; the first point of each group is kept, but of the last group the very last one.
   */
  #sample(runId: string, key: string, count: number, steps: readonly SqlValue[]): MetricRow[] {
    const { db } = this.#context;
    const table = metricsByRun(db);
    const where = `run_uuid = ? AND key = ?${steps.length === 0 ? '' : ' AND step BETWEEN ? AND ?'}`;
    const order = 'step, timestamp, value, is_nan';
    const values = [runId, key, ...steps];
    const { total } = db.get<{ total: number }>(
      `SELECT count(*) AS total FROM ${table} WHERE ${where}`,
      ...values,
    )!;
    if (total <= count)
      return db.all<MetricRow>(`SELECT ${COLUMNS} FROM ${table} WHERE ${where} ORDER BY ${order}`, ...values);
    const size = Math.floor(total / count);
    const largerEnd = (total % count) * (size + 1);
    return db.all<MetricRow>(
      `SELECT ${COLUMNS} FROM (SELECT ${COLUMNS}, row_number() OVER (ORDER BY ${order}) - 1 AS at FROM ${table} WHERE ${where})
       WHERE at = ? OR (at < ? AND CASE WHEN at < ? THEN at % ? ELSE (at - ?) % ? END = 0) ORDER BY at`,
      ...values,
      total - 1,
      total - size,
      largerEnd,
      size + 1,
      largerEnd,
      size,
    );
  }
}

import { releaseMemory } from '../../node/release-memory.ts';
import type { TrackingDatabase } from './database.ts';

/** All points of a metric: 24 bytes a point, where an object for each takes ten times as much. */
export interface History {
  /** NaN where NaN was logged. */
  readonly values: Float64Array;
  /** Milliseconds since 1970. */
  readonly timestamps: Float64Array;
  readonly steps: Float64Array;
  /** Gives the memory back; nothing is left to be read. */
  release(): void;
}

const POINTS_IN_CHUNK = 500;
/** -1 is SQLite's "no limit". */
const NO_LIMIT = -1;
const BY_STEP = 'index_metrics_run_uuid_key_step';

/**
 * The table of metrics, to be read through the index of run, key and step. Left alone, SQLite takes the index of the
 * primary key, which holds all columns and almost the order, but not the run: the points of every run with a metric of
 * this name are gone through. Older databases have no such index.
 */
export function metricsByRun(db: TrackingDatabase): string {
  return db.hasIndex(BY_STEP) ? `metrics INDEXED BY ${BY_STEP}` : 'metrics';
}

type Row = readonly [step: number, place: number, timestamp: number, value: number, isNan: number];

/**
 * Reads a whole history by time, step and value. It is read as the index has it, by step, which mostly is the order by
 * time as well; SQLite's own sorting would take as long as the reading.
 */
export function readHistory(db: TrackingDatabase, runId: string, metricKey: string): History {
  const part = `SELECT step, rowid, timestamp, value, is_nan FROM ${metricsByRun(db)} WHERE run_uuid = ?1 AND key = ?2`;
  // points of one step, which is 0 for all where none was given, follow each other by their place
  const sql = `${part} AND step = ?3 AND rowid > ?4 UNION ALL ${part} AND step > ?3 ORDER BY step, rowid LIMIT ?5`;
  const size = db.hasIndex(BY_STEP) ? POINTS_IN_CHUNK : NO_LIMIT;
  return db.read(() => {
    const { total } = db.get<{ total: number }>(
      `SELECT count(*) AS total FROM ${metricsByRun(db)} WHERE run_uuid = ? AND key = ?`,
      runId,
      metricKey,
    )!;
    const points = new PointColumns(total);
    let [step, place]: readonly number[] = [Number.MIN_SAFE_INTEGER, -1];
    while (points.length < total) {
      const rows = db.lists<Row>(sql, runId, metricKey, step!, place!, size);
      for (const row of rows) points.add(row);
      [step, place] = rows.at(-1)!;
    }
    points.sort();
    return points;
  });
}

class PointColumns implements History {
  readonly values: Float64Array<ArrayBuffer>;
  readonly timestamps: Float64Array<ArrayBuffer>;
  readonly steps: Float64Array<ArrayBuffer>;
  length = 0;
  #isInOrder = true;

  constructor(total: number) {
    this.values = new Float64Array(total);
    this.timestamps = new Float64Array(total);
    this.steps = new Float64Array(total);
  }

  add([step, , timestamp, value, isNan]: Row): void {
    const at = this.length;
    this.values[at] = isNan === 0 ? value : NaN;
    this.timestamps[at] = timestamp;
    this.steps[at] = step;
    this.length = at + 1;
    if (this.#isInOrder && at > 0) this.#isInOrder = this.#compare(at - 1, at) <= 0;
  }

  sort(): void {
    if (this.#isInOrder) return;
    const places = Uint32Array.from({ length: this.length }, (_, at) => at);
    places.sort((a, b) => this.#compare(a, b));
    for (const column of [this.values, this.timestamps, this.steps]) {
      const before = column.slice();
      for (const [at, place] of places.entries()) column[at] = before[place]!;
    }
  }

  release(): void {
    for (const column of [this.values, this.timestamps, this.steps]) releaseMemory(column);
  }

  #compare(a: number, b: number): number {
    return (
      this.timestamps[a]! - this.timestamps[b]! ||
      this.steps[a]! - this.steps[b]! ||
      // NaN is stored as 0, and stands where 0 stands
      (this.values[a]! || 0) - (this.values[b]! || 0)
    );
  }
}

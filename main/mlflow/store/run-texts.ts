import type { Run } from '../../../common/mlflow/entities.ts';
import { ANY_OF } from './conditions.ts';
import type { SqlValue, TrackingDatabase } from './database.ts';
import { readBareRuns, RUN_COLUMNS, type RunRow } from './run-rows.ts';

/** A metric's latest point; `isNan` is 1 for NaN, whose value is then 0. */
export type LatestPoint = readonly [
  runId: string,
  key: string,
  value: number,
  timestamp: number,
  step: number,
  isNan: number,
];

/** A run as it is sent, with what was logged close to its final text: of many runs, that is a dozen things each. */
export interface RunText {
  /** Without what was logged. */
  readonly bare: Run;
  readonly metrics: readonly LatestPoint[];
  /** A JSON list of objects with `key` and `value`; undefined where there are none. */
  readonly params: string | undefined;
  readonly tags: string | undefined;
}

/** These runs, in this order; those that are gone are left out. */
export function readRunTexts(db: TrackingDatabase, ids: readonly string[]): RunText[] {
  const wanted = JSON.stringify(ids);
  return db.read(() => {
    const rows = db.all<RunRow>(`SELECT ${RUN_COLUMNS} FROM runs r WHERE r.run_uuid IN ${ANY_OF}`, wanted);
    const byId = new Map(readBareRuns(db, rows).map((run) => [run.info.run_id, run]));
    const params = readPairs(db, 'params', wanted);
    const tags = readPairs(db, 'tags', wanted);
    const metrics = readLatest(db, wanted);
    return ids.flatMap((id) => {
      const bare = byId.get(id);
      if (bare === undefined) return [];
      return { bare, metrics: metrics.get(id) ?? [], params: params.get(id), tags: tags.get(id) };
    });
  });
}

/** By run. SQLite writes the JSON: an object of each pair, made to be written and thrown away, costs several times that. */
function readPairs(db: TrackingDatabase, table: 'params' | 'tags', ids: string): Map<string, string> {
  return new Map(
    db.lists<[runId: string, pairs: string]>(
      `SELECT run_uuid, json_group_array(json_object('key', key, 'value', coalesce(value, '')))
       FROM ${table} WHERE run_uuid IN ${ANY_OF} GROUP BY run_uuid`,
      ids,
    ),
  );
}

/** By run. No JSON of SQLite's: how many digits of a number it writes depends on its version. */
function readLatest(db: TrackingDatabase, ids: string): Map<string, LatestPoint[]> {
  const points = db.lists<LatestPoint & SqlValue[]>(
    `SELECT run_uuid, key, value, timestamp, step, is_nan FROM latest_metrics WHERE run_uuid IN ${ANY_OF}`,
    ids,
  );
  return Map.groupBy(points, ([runId]) => runId);
}

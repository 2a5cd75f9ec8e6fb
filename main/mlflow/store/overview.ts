import { parseExperimentId } from '../validation/names.ts';
import { isAnyOf } from './conditions.ts';
import type { StoreContext } from './context.ts';
import { countOthers, describeCounts } from './other-contents.ts';

export interface RunCounts {
  readonly total: number;
  readonly running: number;
  readonly failed: number;
}

/** The names that the runs of some experiments use. */
export interface RunKeys {
  readonly metrics: string[];
  readonly params: string[];
  readonly tags: string[];
}

/** What is asked of the store as a whole, by those who show it. MLflow's protocol has none of it. */
export class Overview {
  readonly #context: StoreContext;

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** How many runs that are not deleted each experiment has; none for one without. */
  countRuns(): ReadonlyMap<string, RunCounts> {
    const rows = this.#context.db.all<{ experiment_id: number } & RunCounts>(
      `SELECT experiment_id, count(*) AS total, sum(status = 'RUNNING') AS running, sum(status = 'FAILED') AS failed
       FROM runs WHERE lifecycle_stage = 'active' GROUP BY experiment_id`,
    );
    return new Map(rows.map(({ experiment_id, ...counts }) => [String(experiment_id), counts]));
  }

  /** By name. */
  listKeys(experimentIds: readonly string[]): RunKeys {
    const { sql, values } = isAnyOf('r.experiment_id', experimentIds.map(parseExperimentId));
    const read = (table: string): string[] =>
      this.#context.db
        .all<{ key: string }>(
          `SELECT DISTINCT t.key AS key FROM ${table} t JOIN runs r ON r.run_uuid = t.run_uuid
           WHERE ${sql} ORDER BY t.key`,
          ...values,
        )
        .map(({ key }) => key);
    return { metrics: read('latest_metrics'), params: read('params'), tags: read('tags') };
  }

  /** What the store holds that is not brought to other stores, in words, e.g. `3 traces`. */
  describeOthers(): readonly string[] {
    const { db } = this.#context;
    return db.read(() => describeCounts(countOthers(db)));
  }

  /** A number that changes when the store does, by this program or by another. */
  getVersion(): number {
    const { db } = this.#context;
    const others = db.get<{ data_version: number }>('PRAGMA data_version')!.data_version;
    const own = db.get<{ own: number }>('SELECT total_changes() AS own')!.own;
    return others * 1_000_003 + own;
  }
}

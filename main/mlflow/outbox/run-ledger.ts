import type { HeldBackItem } from '../../../common/api/remotes.ts';
import type { TrackingDatabase } from '../store/database.ts';
import { ModelLedger } from './model-ledger.ts';

/** How far one run is at one server. */
export interface RunAccount {
  /** Its id there; null before it is there. */
  readonly remote_run_id: string | null;
  readonly artifact_uri: string | null;
  readonly state: 'synced' | 'waiting' | 'failed';
  readonly reason: string | null;
  /** Milliseconds since 1970. */
  readonly synced_at: number | null;
  /** Digest of the params, tags, inputs and status that the server has. */
  readonly told: string | null;
  /** The last point that the server has, by its place in the local store, and how many it has up to there. */
  readonly place: number;
  readonly points: number;
  /** Since when the server may hold a second run, as an answer was lost. Milliseconds since 1970. */
  readonly doubtful_since: number | null;
  /** How many calls that make it went without an answer. */
  readonly lost_answers: number;
}

const NEW: RunAccount = {
  remote_run_id: null,
  artifact_uri: null,
  state: 'waiting',
  reason: null,
  synced_at: null,
  told: null,
  place: 0,
  points: 0,
  doubtful_since: null,
  lost_answers: 0,
};
const COLUMNS = Object.keys(NEW) as readonly (keyof RunAccount)[];

export interface RunCounts {
  readonly synced: number;
  readonly waiting: number;
  readonly failed: number;
}

/** What one server has of the local store. */
export class RunLedger {
  readonly #db: TrackingDatabase;
  readonly #remote: string;
  readonly models: ModelLedger;

  constructor(db: TrackingDatabase, remote: string) {
    this.#db = db;
    this.#remote = remote;
    this.models = new ModelLedger(db, remote);
  }

  get(runId: string): RunAccount {
    return (
      this.#db.get<RunAccount>(
        `SELECT ${COLUMNS.join(', ')} FROM runs WHERE remote = ? AND run_id = ?`,
        this.#remote,
        runId,
      ) ?? NEW
    );
  }

  change(runId: string, changes: Partial<RunAccount>): void {
    const account = { ...this.get(runId), ...changes };
    this.#db.write(() =>
      this.#db.run(
        `INSERT INTO runs (remote, run_id, ${COLUMNS.join(', ')}) VALUES (?, ?${', ?'.repeat(COLUMNS.length)})
         ON CONFLICT (remote, run_id) DO UPDATE SET ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}`,
        this.#remote,
        runId,
        ...COLUMNS.map((name) => account[name]),
      ),
    );
  }

  /** The server does not know the run any more: everything is sent anew, its models too. */
  forget(runId: string): void {
    this.#db.write(() => {
      this.#db.run(
        `DELETE FROM artifacts WHERE remote = ?1 AND (run_id = ?2
           OR run_id IN (SELECT model_id FROM models WHERE remote = ?1 AND run_id = ?2))`,
        this.#remote,
        runId,
      );
      this.#db.run('DELETE FROM models WHERE remote = ? AND run_id = ?', this.#remote, runId);
      this.change(runId, NEW);
    });
  }

  findExperiment(localId: string): { readonly remote_id: string; readonly told: string | null } | undefined {
    return this.#db.get(
      'SELECT remote_id, told FROM experiments WHERE remote = ? AND local_id = ?',
      this.#remote,
      localId,
    );
  }

  keepExperiment(localId: string, remoteId: string, told: string | null): void {
    this.#db.write(() =>
      this.#db.run(
        `INSERT INTO experiments (remote, local_id, remote_id, told) VALUES (?, ?, ?, ?)
         ON CONFLICT (remote, local_id) DO UPDATE SET remote_id = excluded.remote_id, told = excluded.told`,
        this.#remote,
        localId,
        remoteId,
        told,
      ),
    );
  }

  forgetExperiment(localId: string): void {
    this.#db.write(() =>
      this.#db.run('DELETE FROM experiments WHERE remote = ? AND local_id = ?', this.#remote, localId),
    );
  }

  /** @param owner id of a run or of a logged model */
  forgetArtifacts(owner: string): void {
    this.#db.write(() =>
      this.#db.run('DELETE FROM artifacts WHERE remote = ? AND run_id = ?', this.#remote, owner),
    );
  }

  /** SHA-256 of the file of a run or of a logged model that the server has; undefined when it has none. */
  artifactDigest(runId: string, path: string): string | undefined {
    return this.#db.get<{ sha256: string }>(
      'SELECT sha256 FROM artifacts WHERE remote = ? AND run_id = ? AND path = ?',
      this.#remote,
      runId,
      path,
    )?.sha256;
  }

  keepArtifact(runId: string, path: string, sha256: string): void {
    this.#db.write(() =>
      this.#db.run(
        `INSERT INTO artifacts (remote, run_id, path, sha256) VALUES (?, ?, ?, ?)
         ON CONFLICT (remote, run_id, path) DO UPDATE SET sha256 = excluded.sha256`,
        this.#remote,
        runId,
        path,
        sha256,
      ),
    );
  }

  /** What of a run stays here, all of it anew. */
  keepHeldBack(runId: string, items: readonly Omit<HeldBackItem, 'runId'>[]): void {
    const rows = items.map(({ kind, key, rule }) => JSON.stringify([kind, key, rule])).toSorted();
    const before = this.heldBack(runId).map(({ kind, key, rule }) => JSON.stringify([kind, key, rule]));
    if (JSON.stringify([...new Set(rows)]) === JSON.stringify(before.toSorted())) return;
    this.#db.write(() => {
      this.#db.run('DELETE FROM held_back WHERE remote = ? AND run_id = ?', this.#remote, runId);
      for (const { kind, key, rule } of items)
        this.#db.run(
          'INSERT INTO held_back (remote, run_id, kind, key, rule) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
          ...[this.#remote, runId, kind, key, rule],
        );
    });
  }

  heldBack(runId?: string): readonly HeldBackItem[] {
    return this.#db.all<HeldBackItem>(
      `SELECT run_id AS runId, kind, key, rule FROM held_back WHERE remote = ?1 AND (?2 IS NULL OR run_id = ?2)
       ORDER BY run_id, kind, key, rule`,
      this.#remote,
      runId ?? null,
    );
  }

  countHeldBack(): number {
    return this.#db.get<{ n: number }>('SELECT count(*) AS n FROM held_back WHERE remote = ?', this.#remote)!
      .n;
  }
}

import type { TrackingDatabase } from '../store/database.ts';

/** How far a logged model is at one server. */
export interface ModelAccount {
  readonly remote_model_id: string | null;
  readonly artifact_uri: string | null;
  /** Digest of what the server has of it, its files included. */
  readonly told: string | null;
  readonly doubtful_since: number | null;
  readonly lost_answers: number;
}

/** How far a version of a registered model is at one server. */
export interface VersionAccount {
  readonly remote_version: string | null;
  readonly doubtful_since: number | null;
  readonly lost_answers: number;
}

const NEW_MODEL: ModelAccount = {
  remote_model_id: null,
  artifact_uri: null,
  told: null,
  doubtful_since: null,
  lost_answers: 0,
};
const NEW_VERSION: VersionAccount = { remote_version: null, doubtful_since: null, lost_answers: 0 };

/** What one server has of the local store's logged and registered models. */
export class ModelLedger {
  readonly #db: TrackingDatabase;
  readonly #remote: string;

  constructor(db: TrackingDatabase, remote: string) {
    this.#db = db;
    this.#remote = remote;
  }

  model(modelId: string): ModelAccount {
    return (
      this.#db.get<ModelAccount>(
        `SELECT ${columnsOf(NEW_MODEL)} FROM models WHERE remote = ? AND model_id = ?`,
        this.#remote,
        modelId,
      ) ?? NEW_MODEL
    );
  }

  /** @param runId of the run that made it: with that one it is forgotten */
  changeModel(modelId: string, runId: string, changes: Partial<ModelAccount>): void {
    const row = { ...this.model(modelId), ...changes };
    this.#put('models', { remote: this.#remote, model_id: modelId }, { run_id: runId, ...row });
  }

  /** True when no other model of a run has its files at a place. */
  isFirstOfName(runId: string, modelId: string, artifactUri: string): boolean {
    const other = this.#db.get(
      'SELECT 1 FROM models WHERE remote = ? AND run_id = ? AND model_id <> ? AND artifact_uri = ?',
      ...[this.#remote, runId, modelId, artifactUri],
    );
    return other === undefined;
  }

  /** Since when a second one of a run's models may turn up; undefined when none can. */
  doubtfulSince(runId: string): number | undefined {
    const row = this.#db.get<{ since: number | null }>(
      'SELECT max(doubtful_since) AS since FROM models WHERE remote = ? AND run_id = ?',
      this.#remote,
      runId,
    );
    return row?.since ?? undefined;
  }

  version(uid: string): VersionAccount {
    return (
      this.#db.get<VersionAccount>(
        `SELECT ${columnsOf(NEW_VERSION)} FROM versions WHERE remote = ? AND uid = ?`,
        this.#remote,
        uid,
      ) ?? NEW_VERSION
    );
  }

  changeVersion(uid: string, changes: Partial<VersionAccount>): void {
    this.#put('versions', { remote: this.#remote, uid }, { ...this.version(uid), ...changes });
  }

  hasDoubtfulVersions(): boolean {
    const found = this.#db.get(
      'SELECT 1 FROM versions WHERE remote = ? AND doubtful_since IS NOT NULL LIMIT 1',
      this.#remote,
    );
    return found !== undefined;
  }

  /** How many versions of registered models are there. */
  countVersions(): number {
    return this.#db.get<{ n: number }>(
      'SELECT count(*) AS n FROM versions WHERE remote = ? AND remote_version IS NOT NULL',
      this.#remote,
    )!.n;
  }

  /** Digest of what the server has of a registered model. */
  toldOf(name: string): string | undefined {
    return this.#db.get<{ told: string }>(
      'SELECT told FROM registered WHERE remote = ? AND name = ?',
      this.#remote,
      name,
    )?.told;
  }

  keepTold(name: string, told: string): void {
    this.#put('registered', { remote: this.#remote, name }, { told });
  }

  #put(
    table: string,
    key: Readonly<Record<string, string>>,
    row: Readonly<Record<string, string | number | null>>,
  ): void {
    const all = { ...key, ...row };
    const columns = Object.keys(all);
    this.#db.write(() =>
      this.#db.run(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
         ON CONFLICT (${Object.keys(key).join(', ')}) DO UPDATE SET ${Object.keys(row)
           .map((name) => `${name} = excluded.${name}`)
           .join(', ')}`,
        ...Object.values(all),
      ),
    );
  }
}

const columnsOf = (row: object): string => Object.keys(row).join(', ');

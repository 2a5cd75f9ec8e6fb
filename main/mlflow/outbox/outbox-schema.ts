import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FaultError } from '../../../common/fault.ts';
import { asFileFault } from '../../../common/file-fault.ts';
import { TrackingDatabase } from '../store/database.ts';
import { asStoreFault } from '../store/store-fault.ts';

/** Beside the tracking store: which servers there are, and how far each is. Holds no secrets. */
export const OUTBOX_FILE = 'outbox.db';
const VERSION = 2;
const BUSY_TIMEOUT_MS = 10_000;

const SCHEMA = `
CREATE TABLE remotes (
  name TEXT PRIMARY KEY, url TEXT NOT NULL, credentials TEXT NOT NULL, username TEXT, variable TEXT, ca TEXT,
  insecure_tls INTEGER NOT NULL DEFAULT 0,   policy TEXT NOT NULL, problem TEXT, is_refused INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
  last_try_at INTEGER, next_try_at INTEGER
) STRICT;
CREATE TABLE experiments (
  remote TEXT NOT NULL, local_id TEXT NOT NULL, remote_id TEXT NOT NULL, told TEXT, PRIMARY KEY (remote, local_id)
) STRICT;
CREATE TABLE runs (
  remote TEXT NOT NULL, run_id TEXT NOT NULL, remote_run_id TEXT, artifact_uri TEXT, state TEXT NOT NULL DEFAULT 'waiting',
  reason TEXT, synced_at INTEGER, told TEXT, place INTEGER NOT NULL DEFAULT 0, points INTEGER NOT NULL DEFAULT 0,
  doubtful_since INTEGER, PRIMARY KEY (remote, run_id)
) STRICT;
CREATE TABLE artifacts (
  remote TEXT NOT NULL, run_id TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (remote, run_id, path)
) STRICT;
CREATE TABLE held_back (
  remote TEXT NOT NULL, run_id TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, rule TEXT NOT NULL,
  PRIMARY KEY (remote, run_id, kind, key, rule)
) STRICT;
CREATE TABLE digests (path TEXT PRIMARY KEY, stamp TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT;
`;

/** What came with the second version: models, and how many answers were lost. */
const MODELS = `
ALTER TABLE runs ADD COLUMN lost_answers INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET lost_answers = 1 WHERE doubtful_since IS NOT NULL;
CREATE TABLE models (
  remote TEXT NOT NULL, model_id TEXT NOT NULL, run_id TEXT NOT NULL, remote_model_id TEXT, artifact_uri TEXT, told TEXT,
  doubtful_since INTEGER, lost_answers INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (remote, model_id)
) STRICT;
CREATE TABLE versions (
  remote TEXT NOT NULL, uid TEXT NOT NULL, remote_version TEXT, doubtful_since INTEGER,
  lost_answers INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (remote, uid)
) STRICT;
CREATE TABLE registered (
  remote TEXT NOT NULL, name TEXT NOT NULL, told TEXT NOT NULL, PRIMARY KEY (remote, name)
) STRICT;
PRAGMA user_version = ${VERSION};
`;

/**
 * Opens the outbox's own database in a tracking store's folder, and makes it where there is none.
 *
 * @throws FaultError that names `outbox.db`
 */
export function openOutboxDatabase(file: string): TrackingDatabase {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    throw asFileFault(error, OUTBOX_FILE);
  }
  try {
    const connection = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      makeSchema(connection);
      return new TrackingDatabase(connection, undefined, OUTBOX_FILE);
    } catch (error) {
      connection.close();
      throw error;
    }
  } catch (error) {
    throw asStoreFault(error, OUTBOX_FILE);
  }
}

function makeSchema(connection: DatabaseSync): void {
  const readVersion = (): number => Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
  if (readVersion() === VERSION) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    // another process may have made it while this one waited
    const version = readVersion();
    if (version > VERSION) throw unknownVersion(version);
    if (version < 1) connection.exec(SCHEMA);
    if (version < VERSION) connection.exec(MODELS);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function unknownVersion(version: number): FaultError {
  return new FaultError({
    code: 'store-revision',
    file: OUTBOX_FILE,
    message: `The outbox has the version ${version}: a newer Outerloop wrote it.`,
    allowed: `version ${VERSION}; without the file everything is sent anew, and nothing is there twice`,
  });
}

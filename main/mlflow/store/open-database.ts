import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { FaultError, type Fault } from '../../../common/fault.ts';
import { asFileFault, findFileFault } from '../../../common/file-fault.ts';
import { TrackingDatabase } from './database.ts';
import { SCHEMA_FILE, SCHEMA_REVISION } from './schema.ts';
import { asStoreFault, DATABASE_FILE, findStoreFault } from './store-fault.ts';

export interface OpenDatabase {
  readonly file: string;
  readonly readOnly: boolean;
  readonly busyTimeoutMs: number;
  /** Where the Default experiment of a new database keeps its artifacts. */
  readonly defaultArtifactLocation: string;
  readonly now: () => number;
}

/**
 * Opens a tracking database, and makes it where there is none. One that this program must not or cannot write (another
 * schema, a read-only disk) opens for reading, and says why when something is to be written.
 *
 * @throws {FaultError} where it cannot even be read: locked, damaged, no MLflow database.
 */
export function openDatabase(request: OpenDatabase): TrackingDatabase {
  const readOnly = request.readOnly ? askedReadOnly : findWriteObstacle(request.file);
  try {
    if (readOnly !== undefined) return new TrackingDatabase(openForReading(request), readOnly);
    return openForWriting(request);
  } catch (error) {
    throw asStoreFault(error);
  }
}

const askedReadOnly: Fault = {
  code: 'store-read-only',
  message: 'The tracking database was opened for reading only.',
  file: DATABASE_FILE,
};

function openForWriting(request: OpenDatabase): TrackingDatabase {
  const connection = new DatabaseSync(request.file, { timeout: request.busyTimeoutMs });
  try {
    const isNew = !hasRevision(connection);
    const revision = isNew ? SCHEMA_REVISION : readRevision(connection);
    // what belongs to another version is not touched at all, not even its journal mode
    if (revision !== SCHEMA_REVISION) {
      connection.close();
      return new TrackingDatabase(openForReading(request), unknownRevision(revision));
    }
    // WAL: readers and one writer at a time do not wait for each other. It is kept in the file.
    connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    if (isNew) makeSchema(connection, request);
    setUp(connection);
    return new TrackingDatabase(connection);
  } catch (error) {
    if (connection.isOpen) connection.close();
    throw error;
  }
}

function openForReading({ file, busyTimeoutMs }: OpenDatabase): DatabaseSync {
  if (!existsSync(file))
    throw new FaultError({
      code: 'file-missing',
      message: 'There is no tracking database.',
      file: DATABASE_FILE,
    });
  let connection = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs });
  try {
    readRevision(connection);
  } catch (error) {
    connection.close();
    const code = findStoreFault(error)?.code;
    if (code !== 'file-unreadable' && code !== 'store-read-only') throw error;
    // a WAL database on a read-only disk: nobody can be writing to it
    connection = new DatabaseSync(new URL(`${pathToFileURL(file).href}?immutable=1`), { readOnly: true });
    readRevision(connection);
  }
  setUp(connection);
  return connection;
}

function setUp(connection: DatabaseSync): void {
  connection.exec('PRAGMA foreign_keys = ON; PRAGMA case_sensitive_like = ON;');
}

function hasRevision(connection: DatabaseSync): boolean {
  const names = connection.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
  if (names.some(({ name }) => name === 'alembic_version')) return true;
  if (names.length === 0) return false;
  throw notMlflow();
}

function makeSchema(connection: DatabaseSync, { defaultArtifactLocation, now }: OpenDatabase): void {
  const time = now();
  connection.exec('BEGIN IMMEDIATE');
  try {
    // another process may have made it while this one waited
    if (!hasRevision(connection)) {
      connection.exec(readFileSync(SCHEMA_FILE, 'utf8'));
      connection
        .prepare(
          `INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
           VALUES (0, 'Default', ?, 'active', ?, ?)`,
        )
        .run(defaultArtifactLocation, time, time);
    }
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function readRevision(connection: DatabaseSync): string {
  let row;
  try {
    row = connection.prepare('SELECT version_num FROM alembic_version').get();
  } catch (error) {
    if (findStoreFault(error) !== undefined) throw error;
    throw notMlflow();
  }
  return String(row?.['version_num'] ?? 'none');
}

const notMlflow = (): FaultError =>
  new FaultError({
    code: 'store-revision',
    message: 'The file is no tracking database of MLflow.',
    file: DATABASE_FILE,
  });

function unknownRevision(revision: string): Fault {
  return {
    code: 'store-revision',
    message: `The tracking database has MLflow's revision ${revision}, which this program reads but does not write: another MLflow has upgraded it, or it is older.`,
    file: DATABASE_FILE,
    allowed: `revision ${SCHEMA_REVISION}`,
  };
}

/** Makes the folder, and finds out whether the database in it can be written. */
function findWriteObstacle(file: string): Fault | undefined {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    if (existsSync(file)) accessSync(file, constants.W_OK);
  } catch (error) {
    const fault = findFileFault(error, DATABASE_FILE);
    if (fault?.code === 'file-unwritable' && existsSync(file) && statSync(file).isFile())
      return { ...fault, code: 'store-read-only' };
    throw asFileFault(error, DATABASE_FILE);
  }
  return undefined;
}

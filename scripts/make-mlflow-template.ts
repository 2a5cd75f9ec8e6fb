import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PINNED_MLFLOW, SCHEMA_FILE } from '../main/mlflow/store/schema.ts';

/*
 * Makes the schema that a new tracking store starts with: the real MLflow of the pinned version creates an empty
 * database, its schema and its revision are written as SQL text, and the same MLflow must open a database that was
 * made from that text. Needs .venv with test/peers/requirements.txt.
 *
 *   node scripts/make-mlflow-template.ts
 */
const PYTHON = resolve(import.meta.dirname, '../.venv/bin/python');
/** Tables whose rows belong to an empty database; the Default experiment is made with the store, for its time. */
const SEED_TABLES = ['alembic_version', 'workspaces'];

const OPEN_WITH_MLFLOW = `
import sys, mlflow
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
store = SqlAlchemyStore("sqlite:///" + sys.argv[1], "mlflow-artifacts:/")
assert [e.experiment_id for e in store.search_experiments()] == ["0"]
store._dispose_engine()
print(mlflow.__version__)
`;

if (!existsSync(PYTHON))
  throw new Error('There is no .venv: install test/peers/requirements.txt into it first.');
const folder = mkdtempSync(join(tmpdir(), 'mlflow-template-'));
try {
  const original = join(folder, 'original.db');
  const version = openWithMlflow(original);
  if (version !== PINNED_MLFLOW)
    throw new Error(`.venv has MLflow ${version}, the store is made for ${PINNED_MLFLOW}.`);
  const text = readSchema(original);
  const copy = join(folder, 'copy.db');
  const database = new DatabaseSync(copy);
  database.exec(text);
  database.close();
  openWithMlflow(copy);
  if (readSchema(copy) !== text) throw new Error('MLflow changed the schema of the copy.');
  writeFileSync(SCHEMA_FILE, text);
  console.log(`${SCHEMA_FILE}: the schema of MLflow ${version}, ${text.length} bytes`);
} finally {
  rmSync(folder, { recursive: true });
}

function openWithMlflow(file: string): string {
  const environment = { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true' };
  return execFileSync(PYTHON, ['-c', OPEN_WITH_MLFLOW, file], {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

function readSchema(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const objects = database
      .prepare(`SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'`)
      .all();
    const rows = SEED_TABLES.flatMap((table) => readRows(database, table));
    return [...objects.map(({ sql }) => `${String(sql)};`), ...rows, ''].join('\n');
  } finally {
    database.close();
  }
}

function readRows(database: DatabaseSync, table: string): string[] {
  return database
    .prepare(`SELECT * FROM ${table}`)
    .all()
    .map((row) => {
      const values = Object.values(row).map((value) =>
        value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`,
      );
      return `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${values.join(', ')});`;
    });
}

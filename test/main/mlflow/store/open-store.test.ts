import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FaultError } from '../../../../common/fault.ts';
import { SCHEMA_FILE, SCHEMA_REVISION } from '../../../../main/mlflow/store/schema.ts';
import { openTrackingStore } from '../../../../main/mlflow/store/tracking-store.ts';
import { makeFolder, makeStore } from '../make-store.ts';

function faultOf(body: () => unknown) {
  try {
    body();
  } catch (error) {
    if (error instanceof FaultError) return error.faults[0]!;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('a tracking store', () => {
  it('is made with the schema and the revision of the pinned MLflow, and an experiment Default', () => {
    const folder = makeFolder();
    const store = makeStore({}, join(folder, 'deep', 'store'));
    expect(store.experiments.search().items).toMatchObject([
      {
        experiment_id: '0',
        name: 'Default',
        artifact_location: 'mlflow-artifacts:/0',
        creation_time: 1_000_000,
      },
    ]);
    const database = new DatabaseSync(store.databaseFile, { readOnly: true });
    expect(database.prepare('SELECT version_num FROM alembic_version').all()).toEqual([
      { version_num: SCHEMA_REVISION },
    ]);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    const objects = database
      .prepare(`SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'`)
      .all();
    for (const { sql } of objects) expect(readFileSync(SCHEMA_FILE, 'utf8')).toContain(String(sql));
    database.close();
  });

  it('is found again, also when its folder has been moved', async () => {
    const folder = makeFolder();
    const store = openTrackingStore(join(folder, 'here'));
    const run = store.runs.create({ experiment_id: '0', run_name: 'kept' });
    await store.artifacts.write(`0/${run.info.run_id}/artifacts/a.txt`, 'text');
    store.close();
    renameSync(join(folder, 'here'), join(folder, 'there'));
    const moved = makeStore({}, join(folder, 'there'));
    expect(moved.runs.get(run.info.run_id).info.run_name).toBe('kept');
    expect(run.info.artifact_uri).toBe(`mlflow-artifacts:/0/${run.info.run_id}/artifacts`);
    expect((await moved.artifacts.open(`0/${run.info.run_id}/artifacts/a.txt`)).sizeBytes).toBe(4);
  });

  it('of another revision opens for reading and is not changed', () => {
    const folder = makeFolder();
    openTrackingStore(folder).close();
    const file = join(folder, 'mlflow.db');
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA journal_mode = DELETE; UPDATE alembic_version SET version_num = 'feedc0ffee00'`);
    database.close();
    const before = readFileSync(file);
    const store = makeStore({}, folder);
    expect(store.readOnly).toMatchObject({ code: 'store-revision', file: 'mlflow.db' });
    expect(store.readOnly?.message).toContain('feedc0ffee00');
    expect(store.experiments.get('0').name).toBe('Default');
    expect(faultOf(() => store.experiments.create({ name: 'new' })).code).toBe('store-revision');
    store.close();
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('older than workspaces and steps of models can be read', () => {
    const folder = makeFolder();
    const first = openTrackingStore(folder);
    const run = first.runs.create({ experiment_id: '0' });
    first.inputs.logOutputs({ run_id: run.info.run_id, models: [{ model_id: 'm-1', step: 3 }] });
    first.close();
    const database = new DatabaseSync(join(folder, 'mlflow.db'));
    database.exec(`
      PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON;
      CREATE TABLE old AS SELECT experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time FROM experiments;
      DROP TABLE experiments; ALTER TABLE old RENAME TO experiments;
      ALTER TABLE inputs DROP COLUMN step;
      DROP TABLE logged_models;
      CREATE TABLE models AS SELECT name, creation_time, last_updated_time, description FROM registered_models;
      DROP TABLE registered_models; ALTER TABLE models RENAME TO registered_models;
      UPDATE alembic_version SET version_num = '0123456789ab'`);
    database.close();
    const store = makeStore({}, folder);
    expect(store.experiments.findByName('Default')?.experiment_id).toBe('0');
    expect(store.runs.get(run.info.run_id).outputs.model_outputs).toEqual([{ model_id: 'm-1', step: 0 }]);
    expect(store.loggedModels.search({ experiment_ids: ['0'] }).items).toEqual([]);
    expect(store.loggedModels.find('m-1')).toBeUndefined();
    expect(store.registeredModels.search().items).toEqual([]);
  });

  it('says that a file is no database, or one of another program, or damaged', () => {
    const folder = makeFolder();
    const file = join(folder, 'mlflow.db');
    writeFileSync(
      file,
      'this is no database at all, but long enough to be taken for the head of one'.repeat(9),
    );
    expect(faultOf(() => openTrackingStore(folder))).toMatchObject({
      code: 'store-damaged',
      file: 'mlflow.db',
    });
    writeFileSync(file, '');
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE notes (text TEXT)');
    other.close();
    expect(faultOf(() => openTrackingStore(folder))).toMatchObject({
      code: 'store-revision',
      file: 'mlflow.db',
    });
    mkdirSync(join(folder, 'second'));
    const store = openTrackingStore(join(folder, 'second'));
    const experiment = store.experiments.create({ name: 'x' });
    for (let at = 0; at < 300; at += 1) store.runs.create({ experiment_id: experiment });
    store.close();
    const damaged = join(folder, 'second', 'mlflow.db');
    const bytes = readFileSync(damaged);
    bytes.fill(0xab, 8192, bytes.length - 8192);
    writeFileSync(damaged, bytes);
    const fault = faultOf(() => {
      const broken = openTrackingStore(join(folder, 'second'));
      broken.runs.search({ experiment_ids: [experiment] });
    });
    expect(fault).toMatchObject({ code: 'store-damaged', file: 'mlflow.db' });
    expect(fault.message).not.toContain(folder);
  });

  it('says that another program has locked it, for writing, and goes on when it has let go', () => {
    const folder = makeFolder();
    openTrackingStore(folder).close();
    const other = new DatabaseSync(join(folder, 'mlflow.db'));
    other.exec('BEGIN IMMEDIATE');
    const store = makeStore({ busyTimeoutMs: 30 }, folder);
    expect(store.experiments.get('0').name).toBe('Default');
    expect(faultOf(() => store.experiments.create({ name: 'x' }))).toMatchObject({
      code: 'store-locked',
      file: 'mlflow.db',
    });
    other.exec('COMMIT');
    other.close();
    expect(store.experiments.create({ name: 'x' })).toBe('1');
  });

  it('says at once that it is locked when another program keeps all others out', () => {
    const folder = makeFolder();
    openTrackingStore(folder).close();
    const other = new DatabaseSync(join(folder, 'mlflow.db'));
    other.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    expect(faultOf(() => openTrackingStore(folder, { busyTimeoutMs: 30 }))).toMatchObject({
      code: 'store-locked',
      file: 'mlflow.db',
    });
    other.close();
  });

  it('opened for reading only changes nothing, and says so', () => {
    const folder = makeFolder();
    expect(faultOf(() => openTrackingStore(folder, { readOnly: true }))).toMatchObject({
      code: 'file-missing',
    });
    openTrackingStore(folder).close();
    const store = makeStore({ readOnly: true }, folder);
    expect(faultOf(() => store.runs.create({ experiment_id: '0' }))).toMatchObject({
      code: 'store-read-only',
      file: 'mlflow.db',
    });
    expect(store.experiments.search().items).toHaveLength(1);
  });

  it.skipIf(process.getuid?.() !== 0)('that a user may not write opens for reading, with the reason', () => {
    const folder = makeFolder();
    chmodSync(folder, 0o755);
    const store = openTrackingStore(join(folder, 'store'));
    store.runs.create({ experiment_id: '0', run_name: 'there' });
    store.close();
    chmodSync(join(folder, 'store', 'mlflow.db'), 0o444);
    chmodSync(join(folder, 'store'), 0o555);
    chownSync(join(folder, 'store'), 0, 0);
    const module = pathToFileURL(
      join(import.meta.dirname, '../../../../main/mlflow/store/tracking-store.ts'),
    ).href;
    const program = `
      const { openTrackingStore } = await import(${JSON.stringify(module)});
      const store = openTrackingStore(${JSON.stringify(join(folder, 'store'))});
      let refusal;
      try { store.experiments.create({ name: 'x' }); } catch (error) { refusal = error.faults[0].code; }
      console.log(JSON.stringify([store.readOnly.code, store.readOnly.file, refusal, store.runs.search({ experiment_ids: ['0'] }).items.length]));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      uid: 65_534,
      gid: 65_534,
      encoding: 'utf8',
    });
    expect(stdout.trim() === '' ? stderr : JSON.parse(stdout)).toEqual([
      'store-read-only',
      'mlflow.db',
      'store-read-only',
      1,
    ]);
  });

  it('is copied as a whole while it is open', () => {
    const folder = makeFolder();
    const store = makeStore({}, join(folder, 'a'));
    const run = store.runs.create({ experiment_id: '0' });
    mkdirSync(join(folder, 'b'));
    store.copyDatabase(join(folder, 'b', 'mlflow.db'));
    expect(makeStore({}, join(folder, 'b')).runs.get(run.info.run_id).info.run_id).toBe(run.info.run_id);
    expect(existsSync(join(folder, 'b', 'mlflow.db-journal'))).toBe(false);
  });

  it('is made once by several programs that start at the same moment', () => {
    const folder = makeFolder();
    const module = pathToFileURL(
      join(import.meta.dirname, '../../../../main/mlflow/store/tracking-store.ts'),
    ).href;
    const program = `
      const { fork } = await import('node:child_process');
      const { openTrackingStore } = await import(${JSON.stringify(module)});
      const store = openTrackingStore(${JSON.stringify(folder)});
      for (let batch = 0; batch < 20; batch += 1) {
        const { info } = store.runs.create({ experiment_id: '0' });
        store.runs.logBatch({ run_id: info.run_id, metrics: Array.from({ length: 50 }, (_, at) => ({ key: 'm', value: at, timestamp: at })) });
      }
      store.close();`;
    const starter = `
      const { spawn } = require('node:child_process');
      const program = ${JSON.stringify(program)};
      const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'ignore', 'inherit'] }));
      Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve)))).then((codes) => console.log(JSON.stringify(codes)));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', starter], { encoding: 'utf8' });
    expect([stdout.trim(), stderr]).toEqual(['[0,0,0,0]', '']);
    const store = makeStore({}, folder);
    const runs = store.runs.search({ experiment_ids: ['0'] }).items;
    expect(runs).toHaveLength(80);
    for (const { info } of runs) expect(store.metrics.countPoints(info.run_id, 'm')).toBe(50);
  });
});

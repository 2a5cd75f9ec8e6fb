import type { KeyValue, ModelVersion, RegisteredModel } from '../../../../common/mlflow/entities.ts';
import { VERSION_STATUSES } from '../../../../common/mlflow/vocabulary.ts';
import type { SqlValue, TrackingDatabase } from '../database.ts';

/** What a deleted version keeps its number under, so that none gets it again. */
export const DELETED_STAGE = 'Deleted_Internal';

export interface ModelRow {
  name: string;
  creation_time: number | null;
  last_updated_time: number | null;
  description: string | null;
}

export interface VersionRow {
  name: string;
  version: number;
  creation_time: number | null;
  last_updated_time: number | null;
  description: string | null;
  user_id: string | null;
  current_stage: string;
  source: string | null;
  run_id: string | null;
  status: string | null;
  status_message: string | null;
  run_link: string | null;
  storage_location: string | null;
}

export const REGISTERED_COLUMNS = 'm.name, m.creation_time, m.last_updated_time, m.description';
export const VERSION_COLUMNS =
  'v.name, v.version, v.creation_time, v.last_updated_time, v.description, v.user_id, v.current_stage, v.source, v.run_id, v.status, v.status_message, v.run_link, v.storage_location';

interface AliasRow {
  alias: string;
  version: number;
}

/** A version; its aliases only where they are asked for, as MLflow gives them. */
export function toVersion(db: TrackingDatabase, row: VersionRow, withAliases = false): ModelVersion {
  const aliases = withAliases
    ? readAliases(db, row.name).filter(({ version }) => version === row.version)
    : [];
  return {
    name: row.name,
    version: String(row.version),
    creation_timestamp: row.creation_time ?? 0,
    last_updated_timestamp: row.last_updated_time ?? undefined,
    user_id: row.user_id ?? undefined,
    current_stage: row.current_stage,
    description: row.description ?? undefined,
    source: row.source ?? undefined,
    run_id: row.run_id ?? undefined,
    status: VERSION_STATUSES.find((status) => status === row.status) ?? 'READY',
    status_message: row.status_message ?? undefined,
    run_link: row.run_link ?? undefined,
    tags: db.all<KeyValue>(
      'SELECT key, value FROM model_version_tags WHERE name = ? AND version = ?',
      row.name,
      row.version,
    ),
    aliases: aliases.map(({ alias }) => alias),
  };
}

export function toRegisteredModel(db: TrackingDatabase, row: ModelRow): RegisteredModel {
  return {
    name: row.name,
    creation_timestamp: row.creation_time ?? undefined,
    last_updated_timestamp: row.last_updated_time ?? undefined,
    // MLflow leaves an empty description of a model out, but not one of a version
    description: row.description || undefined,
    latest_versions: readLatestVersions(db, row.name).map((version) => toVersion(db, version)),
    tags: db.all<KeyValue>('SELECT key, value FROM registered_model_tags WHERE name = ?', row.name),
    aliases: readAliases(db, row.name).map(({ alias, version }) => ({ alias, version: String(version) })),
  };
}

export function readAliases(db: TrackingDatabase, name: string): AliasRow[] {
  return db.all<AliasRow>(
    'SELECT alias, version FROM registered_model_aliases WHERE name = ? ORDER BY alias',
    name,
  );
}

/** The newest version of each stage. */
export function readLatestVersions(db: TrackingDatabase, name: string): VersionRow[] {
  return readVersions(
    db,
    `v.name = ? AND v.current_stage <> ? AND v.version = (
       SELECT max(w.version) FROM model_versions w WHERE w.name = v.name AND w.current_stage = v.current_stage)`,
    name,
    DELETED_STAGE,
  );
}

export function readVersions(db: TrackingDatabase, where: string, ...values: SqlValue[]): VersionRow[] {
  return db.all<VersionRow>(
    `SELECT ${VERSION_COLUMNS} FROM model_versions v WHERE ${where} ORDER BY v.version`,
    ...values,
  );
}

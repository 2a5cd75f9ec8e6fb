import type { KeyValue } from '../../../../common/mlflow/entities.ts';
import type { TrackingDatabase } from '../database.ts';

/** A version of a model of another store. Times are milliseconds since 1970. */
export interface AdoptedVersion {
  readonly name: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly description: string;
  readonly userId: string;
  readonly stage: string;
  readonly source: string;
  /** Where its files are, where the source does not say so. */
  readonly storageLocation?: string;
  readonly runId: string;
  readonly modelId?: string;
  readonly tags: readonly KeyValue[];
  /** Numbers here that are those of other versions of the same store. */
  readonly taken: ReadonlySet<number>;
}

/** What a deleted version has in place of its run. */
const REDACTED_RUN = 'REDACTED-RUN-ID';

/** The number here of a version that was taken over before; undefined for a new one. */
export function findAdopted(
  db: TrackingDatabase,
  { name, version, createdAt, runId, taken }: AdoptedVersion,
): number | undefined {
  const same = db
    .all<{ version: number }>(
      'SELECT version FROM model_versions WHERE name = ? AND creation_time = ? AND run_id IN (?, ?)',
      name,
      createdAt,
      runId,
      REDACTED_RUN,
    )
    .map((row) => row.version)
    .filter((number) => !taken.has(number));
  return same.includes(version) ? version : same[0];
}

/** @returns the number that it has here */
export function insertAdopted(db: TrackingDatabase, version: AdoptedVersion): number {
  const { name, source, modelId } = version;
  const numbers = db
    .all<{ version: number }>('SELECT version FROM model_versions WHERE name = ?', name)
    .map((row) => row.version);
  const number = numbers.includes(version.version) ? Math.max(...numbers) + 1 : version.version;
  const ofModel = db.get<{ place: string }>(
    'SELECT artifact_location AS place FROM logged_models WHERE model_id = ?',
    modelId ?? '',
  );
  db.run(
    `INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, user_id, current_stage,
       source, run_id, status, run_link, storage_location)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'READY', '', ?)`,
    name,
    number,
    version.createdAt,
    version.updatedAt,
    version.description,
    version.userId === '' ? null : version.userId,
    version.stage,
    source,
    version.runId,
    version.storageLocation ?? ofModel?.place ?? source,
  );
  return number;
}

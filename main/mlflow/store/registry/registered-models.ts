import type { KeyValue, ModelVersion, RegisteredModel } from '../../../../common/mlflow/entities.ts';
import { doesNotExist, invalidParameter, MLflowError } from '../../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../../common/mlflow/limits.ts';
import type { CreateRegisteredModel, Page, SearchRegistry } from '../../../../common/mlflow/requests.ts';
import { checkWholeTag } from '../../validation/entities.ts';
import { missingValue } from '../../validation/messages.ts';
import { checkAlias, checkModelName, checkTagKey } from '../../validation/names.ts';
import { isOwn } from '../conditions.ts';
import type { StoreContext } from '../context.ts';
import { isConstraintViolation } from '../store-fault.ts';
import {
  readLatestVersions,
  REGISTERED_COLUMNS,
  toRegisteredModel,
  toVersion,
  type ModelRow,
} from './registry-rows.ts';
import { PROMPT_TAG, searchRegisteredModels } from './search-registry.ts';
import { STAGES, toStage } from './stages.ts';

/** The registered models: names under which versions of models are kept. */
export class RegisteredModelStore {
  readonly #context: StoreContext;

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** False for a database of an MLflow that had no aliases yet: its registry cannot be read. */
  get isReadable(): boolean {
    const { db } = this.#context;
    return (
      db.hasColumn('registered_model_aliases', 'alias') && db.hasColumn('model_versions', 'storage_location')
    );
  }

  /** @param createdAt milliseconds since 1970, for our own writers */
  create({ name, description, tags = [] }: CreateRegisteredModel, createdAt?: number): RegisteredModel {
    checkModelName(name);
    const checked = tags.map((tag) => checkWholeTag(tag, MLFLOW_LIMITS.registryTagValueLength));
    const { db, now } = this.#context;
    return db.write(() => {
      const time = createdAt ?? now();
      try {
        db.run(
          'INSERT INTO registered_models (name, creation_time, last_updated_time, description) VALUES (?, ?, ?, ?)',
          name,
          time,
          time,
          description ?? '',
        );
      } catch (error) {
        throw isConstraintViolation(error) ? nameExists(name) : error;
      }
      for (const tag of checked) this.#putTag(name, tag);
      return this.get(name);
    });
  }

  /** @throws {MLflowError} RESOURCE_DOES_NOT_EXIST. */
  get(name: string): RegisteredModel {
    const { db } = this.#context;
    return db.read(() => toRegisteredModel(db, this.#getRow(name)));
  }

  /** The model of this name; undefined where there is none. */
  find(name: string): RegisteredModel | undefined {
    const { db } = this.#context;
    return db.read(() => {
      const row = this.#findRow(name);
      return row === undefined ? undefined : toRegisteredModel(db, row);
    });
  }

  search(request: SearchRegistry = {}): Page<RegisteredModel> {
    const { db } = this.#context;
    return db.read(() => searchRegisteredModels(db, request));
  }

  /** How many there are, prompts excepted. */
  count(): number {
    const { db } = this.#context;
    if (!this.isReadable) return 0;
    return db.get<{ n: number }>(
      `SELECT count(*) AS n FROM registered_models m WHERE ${isOwn(db, 'registered_models', 'm').sql} AND NOT EXISTS (
         SELECT 1 FROM registered_model_tags t WHERE t.name = m.name AND t.key = '${PROMPT_TAG}' AND t.value = 'true')`,
    )!.n;
  }

  update(name: string, description: string): RegisteredModel {
    return this.#change(name, () =>
      this.#context.db.run('UPDATE registered_models SET description = ? WHERE name = ?', description, name),
    );
  }

  /** Renames a model; its versions, tags and aliases go with it. */
  rename(name: string, newName: string): RegisteredModel {
    if (newName.trim() === '') throw invalidParameter(missingValue('new_name'));
    checkModelName(newName);
    const { db, now } = this.#context;
    return db.write(() => {
      this.#getRow(name);
      const time = now();
      try {
        db.run(
          'UPDATE registered_models SET name = ?, last_updated_time = ? WHERE name = ?',
          newName,
          time,
          name,
        );
      } catch (error) {
        throw isConstraintViolation(error) ? nameExists(newName) : error;
      }
      db.run('UPDATE model_versions SET last_updated_time = ? WHERE name = ?', time, newName);
      return this.get(newName);
    });
  }

  delete(name: string): void {
    const { db } = this.#context;
    db.write(() => {
      this.#getRow(name);
      for (const table of [
        'registered_model_aliases',
        'model_version_tags',
        'registered_model_tags',
        'model_versions',
        'registered_models',
      ])
        db.run(`DELETE FROM ${table} WHERE name = ?`, name);
    });
  }

  setTag(name: string, tag: KeyValue): void {
    checkModelName(name);
    const checked = checkWholeTag(tag, MLFLOW_LIMITS.registryTagValueLength);
    this.#context.db.write(() => {
      this.#getRow(name);
      this.#putTag(name, checked);
    });
  }

  /** A tag that is not there may be deleted. */
  deleteTag(name: string, key: string): void {
    checkModelName(name);
    checkTagKey(key);
    this.#context.db.write(() => {
      this.#getRow(name);
      this.#context.db.run('DELETE FROM registered_model_tags WHERE name = ? AND key = ?', name, key);
    });
  }

  /** The newest version of each of these stages; of every stage when none is named. */
  getLatestVersions(name: string, stages: readonly string[] = []): ModelVersion[] {
    const { db } = this.#context;
    const wanted = (stages.length === 0 ? STAGES : stages).map(toStage);
    return db.read(() => {
      this.#getRow(name);
      return readLatestVersions(db, name)
        .filter(({ current_stage: stage }) => wanted.some((other) => other === stage))
        .map((row) => toVersion(db, row, true));
    });
  }

  /** The version that an alias names; `latest` is the newest. */
  findAliasedVersion(name: string, alias: string): number {
    checkModelName(name);
    checkAlias(alias);
    if (alias.toLowerCase() === 'latest') {
      const versions = this.getLatestVersions(name).map(({ version }) => Number(version));
      if (versions.length === 0) throw doesNotExist(`Latest version not found for model ${name}.`);
      return Math.max(...versions);
    }
    this.#getRow(name);
    const row = this.#context.db.get<{ version: number }>(
      'SELECT version FROM registered_model_aliases WHERE name = ? AND alias = ?',
      name,
      alias,
    );
    if (row === undefined) throw invalidParameter(`Registered model alias ${alias} not found.`);
    return row.version;
  }

  deleteAlias(name: string, alias: string): void {
    checkModelName(name);
    checkAlias(alias);
    this.#context.db.write(() => {
      this.#getRow(name);
      this.#context.db.run('DELETE FROM registered_model_aliases WHERE name = ? AND alias = ?', name, alias);
    });
  }

  /** Marks a model as changed; for those who change what belongs to it. */
  touch(name: string, time: number): void {
    this.#getRow(name);
    this.#context.db.run('UPDATE registered_models SET last_updated_time = ? WHERE name = ?', time, name);
  }

  #change(name: string, body: () => void): RegisteredModel {
    return this.#context.db.write(() => {
      this.#getRow(name);
      body();
      this.touch(name, this.#context.now());
      return this.get(name);
    });
  }

  #putTag(name: string, { key, value }: KeyValue): void {
    this.#context.db.run(
      `INSERT INTO registered_model_tags (key, value, name) VALUES (?, ?, ?)
       ON CONFLICT (workspace, key, name) DO UPDATE SET value = excluded.value`,
      key,
      value,
      name,
    );
  }

  #getRow(name: string): ModelRow {
    checkModelName(name);
    const row = this.#findRow(name);
    if (row === undefined) throw doesNotExist(`Registered Model with name=${name} not found`);
    return row;
  }

  #findRow(name: string): ModelRow | undefined {
    return this.#context.db.get<ModelRow>(
      `SELECT ${REGISTERED_COLUMNS} FROM registered_models m WHERE m.name = ? AND ${isOwn(this.#context.db, 'registered_models', 'm').sql}`,
      name,
    );
  }
}

const nameExists = (name: string): MLflowError =>
  new MLflowError('RESOURCE_ALREADY_EXISTS', `Registered Model (name=${name}) already exists.`);

import type { KeyValue, ModelVersion } from '../../../../common/mlflow/entities.ts';
import { doesNotExist, invalidParameter } from '../../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../../common/mlflow/limits.ts';
import type { CreateModelVersion, Page, SearchRegistry } from '../../../../common/mlflow/requests.ts';
import { MLFLOW_TAGS } from '../../../../common/mlflow/tag-names.ts';
import { checkWholeTag } from '../../validation/entities.ts';
import {
  checkAlias,
  checkAliasIsFree,
  checkModelName,
  checkTagKey,
  parseModelVersion,
} from '../../validation/names.ts';
import { isOwn } from '../conditions.ts';
import type { StoreContext } from '../context.ts';
import type { LoggedModelStore } from '../logged-models.ts';
import { toPythonJson } from '../python-json.ts';
import { parseModelUri } from './model-uri.ts';
import { findAdopted, insertAdopted, type AdoptedVersion } from './adopted-version.ts';
import type { RegisteredModelStore } from './registered-models.ts';
import { DELETED_STAGE, readVersions, toVersion, type VersionRow } from './registry-rows.ts';
import { searchModelVersions } from './search-registry.ts';
import { isActiveStage, toStage } from './stages.ts';

/** The versions of registered models. */
export class ModelVersionStore {
  readonly #context: StoreContext;
  readonly #models: RegisteredModelStore;
  readonly #loggedModels: LoggedModelStore;

  constructor(context: StoreContext, models: RegisteredModelStore, loggedModels: LoggedModelStore) {
    this.#context = context;
    this.#models = models;
    this.#loggedModels = loggedModels;
  }

  /** Makes the next version of a model, which must exist. */
  create(request: CreateModelVersion): ModelVersion {
    const { name, source, model_id, tags = [] } = request;
    checkModelName(name);
    const checked = tags.map((tag) => checkWholeTag(tag, MLFLOW_LIMITS.registryTagValueLength));
    const { db, now } = this.#context;
    return db.write(() => {
      const { location, runId } = this.#resolveSource(request);
      const time = now();
      this.#models.touch(name, time);
      const { last } = db.get<{ last: number | null }>(
        'SELECT max(version) AS last FROM model_versions WHERE name = ?',
        name,
      )!;
      const version = (last ?? 0) + 1;
      db.run(
        `INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, user_id, current_stage,
           source, run_id, status, run_link, storage_location)
         VALUES (?, ?, ?, ?, ?, NULL, 'None', ?, ?, 'READY', ?, ?)`,
        name,
        version,
        time,
        time,
        request.description ?? '',
        source,
        runId ?? '',
        request.run_link ?? '',
        location,
      );
      for (const tag of checked) this.#putTag(name, version, tag);
      if (model_id !== undefined && model_id !== '') this.#noteVersion(model_id, name, version);
      return toVersion(db, this.#getRow(name, String(version)));
    });
  }

  /**
   * Takes over a version of another store, with what a server would choose. Its number is kept where no other version has it;
   * one that was taken over before is known by the moment of its making and by its run, also when it was deleted since.
   */
  adopt(version: AdoptedVersion): { readonly version: number; readonly isNew: boolean } {
    const { db } = this.#context;
    return db.write(() => {
      const known = findAdopted(db, version);
      if (known !== undefined) return { version: known, isNew: false };
      const number = insertAdopted(db, version);
      for (const tag of version.tags) this.#putTag(version.name, number, tag);
      const { modelId } = version;
      if (modelId !== undefined && this.#loggedModels.find(modelId) !== undefined)
        this.#noteVersion(modelId, version.name, number);
      return { version: number, isNew: true };
    });
  }

  /** All versions of a model, those that were deleted excepted, by number. */
  list(name: string): ModelVersion[] {
    const { db } = this.#context;
    return db.read(() =>
      readVersions(
        db,
        `v.name = ? AND v.current_stage <> ? AND ${isOwn(db, 'model_versions', 'v').sql}`,
        name,
        DELETED_STAGE,
      ).map((row) => toVersion(db, row, true)),
    );
  }

  get(name: string, version: string): ModelVersion {
    const { db } = this.#context;
    return db.read(() => toVersion(db, this.#getRow(name, version), true));
  }

  getByAlias(name: string, alias: string): ModelVersion {
    return this.get(name, String(this.#models.findAliasedVersion(name, alias)));
  }

  search(request: SearchRegistry = {}): Page<ModelVersion> {
    const { db } = this.#context;
    return db.read(() => searchModelVersions(db, request));
  }

  /** Where the files of a version are. */
  getDownloadUri(name: string, version: string): string {
    const row = this.#getRow(name, version);
    return row.storage_location || row.source || '';
  }

  update(name: string, version: string, description: string | undefined): ModelVersion {
    const { db, now } = this.#context;
    return db.write(() => {
      const row = this.#getRow(name, version);
      db.run(
        'UPDATE model_versions SET description = ?, last_updated_time = ? WHERE name = ? AND version = ?',
        description ?? null,
        now(),
        name,
        row.version,
      );
      return this.get(name, version);
    });
  }

  /** Moves a version to another stage; the others of an active stage go to the archive where that is asked for. */
  transition(name: string, version: string, stageName: string, archivesOthers: boolean): ModelVersion {
    const stage = toStage(stageName);
    if (archivesOthers && !isActiveStage(stage))
      throw invalidParameter(
        `Model version transition cannot archive existing model versions because '${stageName}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
      );
    const { db, now } = this.#context;
    return db.write(() => {
      const row = this.#getRow(name, version);
      const time = now();
      const update = 'UPDATE model_versions SET current_stage = ?, last_updated_time = ? WHERE name = ?';
      if (archivesOthers)
        db.run(
          `${update} AND version <> ? AND current_stage = ?`,
          'Archived',
          time,
          name,
          row.version,
          stage,
        );
      db.run(`${update} AND version = ?`, stage, time, name, row.version);
      this.#models.touch(name, time);
      return this.get(name, version);
    });
  }

  /** Deletes a version for good; its number is not given again. */
  delete(name: string, version: string): void {
    const { db, now } = this.#context;
    db.write(() => {
      const row = this.#getRow(name, version);
      const time = now();
      db.run('DELETE FROM registered_model_aliases WHERE name = ? AND version = ?', name, row.version);
      db.run(
        `UPDATE model_versions SET current_stage = ?, last_updated_time = ?, description = NULL, user_id = NULL,
           source = 'REDACTED-SOURCE-PATH', run_id = 'REDACTED-RUN-ID', run_link = 'REDACTED-RUN-LINK', status_message = NULL
         WHERE name = ? AND version = ?`,
        DELETED_STAGE,
        time,
        name,
        row.version,
      );
      this.#models.touch(name, time);
    });
  }

  setTag(name: string, version: string, tag: KeyValue): void {
    const checked = checkWholeTag(tag, MLFLOW_LIMITS.registryTagValueLength);
    this.#context.db.write(() => this.#putTag(name, this.#getRow(name, version).version, checked));
  }

  /** A tag that is not there may be deleted. */
  deleteTag(name: string, version: string, key: string): void {
    checkTagKey(key);
    const { db } = this.#context;
    db.write(() => {
      const row = this.#getRow(name, version);
      db.run(
        'DELETE FROM model_version_tags WHERE name = ? AND version = ? AND key = ?',
        name,
        row.version,
        key,
      );
    });
  }

  setAlias(name: string, alias: string, version: string): void {
    checkModelName(name);
    checkAlias(alias);
    checkAliasIsFree(alias);
    const { db } = this.#context;
    db.write(() => {
      const row = this.#getRow(name, version);
      db.run(
        `INSERT INTO registered_model_aliases (alias, version, name) VALUES (?, ?, ?)
         ON CONFLICT (workspace, name, alias) DO UPDATE SET version = excluded.version`,
        alias,
        row.version,
        name,
      );
    });
  }

  /** A source may be another model: then the version has that one's files and run. */
  #resolveSource({ source, run_id, model_id }: CreateModelVersion): {
    location: string;
    runId: string | undefined;
  } {
    const uri = parseModelUri(source);
    const model = uri?.modelId ?? (run_id ? undefined : model_id || undefined);
    const logged = model === undefined ? undefined : this.#loggedModels.get(model);
    const runId = run_id || logged?.info.source_run_id;
    if (uri?.modelId !== undefined) return { location: logged!.info.artifact_uri, runId };
    if (uri?.version !== undefined) return { location: this.getDownloadUri(uri.name, uri.version), runId };
    return { location: source, runId };
  }

  #noteVersion(modelId: string, name: string, version: number): void {
    const old = this.#loggedModels
      .get(modelId)
      .info.tags.find(({ key }) => key === MLFLOW_TAGS.modelVersions)?.value;
    const versions = old === undefined ? [] : (JSON.parse(old) as unknown[]);
    this.#loggedModels.setTags(modelId, [
      { key: MLFLOW_TAGS.modelVersions, value: toPythonJson([...versions, { name, version }]) },
    ]);
  }

  #putTag(name: string, version: number, { key, value }: KeyValue): void {
    this.#context.db.run(
      `INSERT INTO model_version_tags (key, value, name, version) VALUES (?, ?, ?, ?)
       ON CONFLICT (workspace, key, name, version) DO UPDATE SET value = excluded.value`,
      key,
      value,
      name,
      version,
    );
  }

  #getRow(name: string, version: string): VersionRow {
    checkModelName(name);
    const row = readVersions(
      this.#context.db,
      `v.name = ? AND v.version = ? AND v.current_stage <> ? AND ${isOwn(this.#context.db, 'model_versions', 'v').sql}`,
      name,
      parseModelVersion(version),
      DELETED_STAGE,
    )[0];
    if (row === undefined) throw doesNotExist(`Model Version (name=${name}, version=${version}) not found`);
    return row;
  }
}

import { randomUUID } from 'node:crypto';
import type { KeyValue, LoggedModel } from '../../../common/mlflow/entities.ts';
import { MODEL_STATUSES } from '../../../common/mlflow/vocabulary.ts';
import { doesNotExist, MLflowError } from '../../../common/mlflow/error.ts';
import type {
  CreateLoggedModel,
  FinalizeLoggedModel,
  Page,
  SearchLoggedModels,
} from '../../../common/mlflow/requests.ts';
import { quote } from '../validation/messages.ts';
import { checkLoggedModelName } from '../validation/names.ts';
import { appendToUri, type StoreContext } from './context.ts';
import type { ExperimentStore } from './experiments.ts';
import { makeRandomName } from './random-name.ts';
import { hasLoggedModels, MODEL_COLUMNS, toLoggedModels, type ModelRow } from './logged-model-rows.ts';
import { searchLoggedModels } from './search-logged-models.ts';
import { isConstraintViolation } from './store-fault.ts';

/** What a model has that a server would choose. */
export interface OwnModel {
  /** `m-` and 32 hexadecimal digits. */
  readonly modelId?: string;
  /** Milliseconds since 1970. */
  readonly createdAt?: number;
}

/** The models that runs logged, as MLflow 3 has them: things of their own, with files, params, tags and metrics. */
export class LoggedModelStore {
  readonly #context: StoreContext;
  readonly #experiments: ExperimentStore;

  constructor(context: StoreContext, experiments: ExperimentStore) {
    this.#context = context;
    this.#experiments = experiments;
  }

  /**
   * Begins a model: its files are then put under its `artifact_uri`, then it is finalized. Our own writers may say what
   * MLflow's protocol leaves to the server.
   */
  create(request: CreateLoggedModel, own: OwnModel = {}): LoggedModel {
    const { name, params = [], tags = [] } = request;
    if (name !== undefined) checkLoggedModelName(name);
    const { db, now } = this.#context;
    const { modelId = `m-${randomUUID().replaceAll('-', '')}`, createdAt: time = now() } = own;
    return db.write(() => {
      const experimentId = this.#experiments.getActiveId(request.experiment_id);
      const location = this.#experiments.get(request.experiment_id).artifact_location;
      db.run(
        `INSERT INTO logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms,
           last_updated_timestamp_ms, status, lifecycle_stage, model_type, source_run_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'active', ?, ?)`,
        modelId,
        experimentId,
        name ?? makeRandomName(),
        appendToUri(location, 'models', modelId, 'artifacts'),
        time,
        time,
        MODEL_STATUSES.indexOf('LOGGED_MODEL_PENDING'),
        request.model_type ?? '',
        request.source_run_id ?? '',
      );
      this.#putParams(modelId, experimentId, params);
      this.#putTags(modelId, experimentId, tags);
      return this.get(modelId);
    });
  }

  /** @throws {MLflowError} RESOURCE_DOES_NOT_EXIST, also for a deleted one unless it is allowed. */
  get(modelId: string, allowDeleted = false): LoggedModel {
    const row = this.#getRow(modelId);
    if (row.lifecycle_stage === 'deleted' && !allowDeleted) throw notFound(modelId);
    return toLoggedModels(this.#context.db, [row])[0]!;
  }

  finalize({ model_id, status }: FinalizeLoggedModel): LoggedModel {
    const { db, now } = this.#context;
    return db.write(() => {
      this.#getRow(model_id);
      db.run(
        'UPDATE logged_models SET status = ?, last_updated_timestamp_ms = ? WHERE model_id = ?',
        MODEL_STATUSES.indexOf(status),
        now(),
        model_id,
      );
      return this.get(model_id, true);
    });
  }

  delete(modelId: string): void {
    const { db, now } = this.#context;
    db.write(() => {
      this.#getRow(modelId);
      db.run(
        `UPDATE logged_models SET lifecycle_stage = 'deleted', last_updated_timestamp_ms = ? WHERE model_id = ?`,
        now(),
        modelId,
      );
    });
  }

  logParams(modelId: string, params: readonly KeyValue[]): void {
    this.#context.db.write(() => this.#putParams(modelId, this.#getRow(modelId).experiment_id, params));
  }

  setTags(modelId: string, tags: readonly KeyValue[]): void {
    this.#context.db.write(() => this.#putTags(modelId, this.#getRow(modelId).experiment_id, tags));
  }

  deleteTag(modelId: string, key: string): void {
    const { db } = this.#context;
    db.write(() => {
      this.#getRow(modelId);
      const { changes } = db.run(
        'DELETE FROM logged_model_tags WHERE model_id = ? AND tag_key = ?',
        modelId,
        key,
      );
      if (changes === 0)
        throw doesNotExist(`No tag with key ${quote(key)} found for model with ID ${quote(modelId)}.`);
    });
  }

  search(request: SearchLoggedModels): Page<LoggedModel> {
    return searchLoggedModels(this.#context.db, request);
  }

  /** The model of this id, deleted or not; undefined where there is none. */
  find(modelId: string): LoggedModel | undefined {
    const row = this.#findRow(modelId);
    return row === undefined ? undefined : toLoggedModels(this.#context.db, [row])[0];
  }

  /** True for a model that was deleted; false where there is none. */
  isDeleted(modelId: string): boolean {
    return this.#findRow(modelId)?.lifecycle_stage === 'deleted';
  }

  #getRow(modelId: string): ModelRow {
    const row = this.#findRow(modelId);
    if (row === undefined) throw notFound(modelId);
    return row;
  }

  #findRow(modelId: string): ModelRow | undefined {
    if (!hasLoggedModels(this.#context.db)) return undefined;
    return this.#context.db.get<ModelRow>(
      `SELECT ${MODEL_COLUMNS} FROM logged_models m WHERE m.model_id = ?`,
      modelId,
    );
  }

  #putParams(modelId: string, experimentId: number, params: readonly KeyValue[]): void {
    for (const { key, value } of params)
      try {
        this.#context.db.run(
          'INSERT INTO logged_model_params (model_id, experiment_id, param_key, param_value) VALUES (?, ?, ?, ?)',
          modelId,
          experimentId,
          key,
          value,
        );
      } catch (error) {
        if (!isConstraintViolation(error)) throw error;
        throw new MLflowError('BAD_REQUEST', `The model with ID '${modelId}' has a param '${key}' already.`);
      }
  }

  #putTags(modelId: string, experimentId: number, tags: readonly KeyValue[]): void {
    for (const { key, value } of tags)
      this.#context.db.run(
        `INSERT INTO logged_model_tags (model_id, experiment_id, tag_key, tag_value) VALUES (?, ?, ?, ?)
         ON CONFLICT (model_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value`,
        modelId,
        experimentId,
        key,
        value,
      );
  }
}

const notFound = (modelId: string): MLflowError =>
  doesNotExist(`Logged model with ID '${modelId}' not found.`);

import { randomUUID } from 'node:crypto';
import type { KeyValue, LifecycleStage, Run, RunInfo } from '../../../common/mlflow/entities.ts';
import { doesNotExist, invalidParameter } from '../../../common/mlflow/error.ts';
import type {
  CreateRun,
  LogBatch,
  MetricInput,
  Page,
  SearchRuns,
  UpdateRun,
} from '../../../common/mlflow/requests.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import { checkBatch, checkMetric, checkParam, checkTag } from '../validation/entities.ts';
import { checkRunId } from '../validation/names.ts';
import { appendToUri, type StoreContext } from './context.ts';
import type { ExperimentStore } from './experiments.ts';
import { toPythonJson } from './python-json.ts';
import { makeRandomName } from './random-name.ts';
import { readRuns, RUN_COLUMNS, toRunInfo, type RunRow } from './run-rows.ts';
import { searchRuns, searchRunTexts, type FoundRuns } from './search-runs.ts';
import { insertRun, writeMetrics, writeModelMetrics, writeParams, writeTags } from './write-run.ts';

/** The runs of a tracking store. What one method writes is written as a whole or not at all. */
export class RunStore {
  readonly #context: StoreContext;
  readonly #experiments: ExperimentStore;

  constructor(context: StoreContext, experiments: ExperimentStore) {
    this.#context = context;
    this.#experiments = experiments;
  }

  /**
   * Begins a run. Our own writers may choose its id (32 characters at most), so that a run that was begun twice is one.
   *
   * @throws {MLflowError} RESOURCE_ALREADY_EXISTS where a run has the chosen id.
   */
  create(request: CreateRun, runId: string = randomUUID().replaceAll('-', '')): Run {
    checkRunId(runId);
    if (runId.length > 32) throw invalidParameter(`The run id '${runId}' has more than 32 characters.`);
    const tags = request.tags ?? [];
    const name = chooseName(
      request.run_name ?? '',
      tags.find(({ key }) => key === MLFLOW_TAGS.runName)?.value,
    );
    const { db } = this.#context;
    return db.write(() => {
      const experimentId = this.#experiments.getActiveId(request.experiment_id);
      const location = this.#experiments.get(request.experiment_id).artifact_location;
      insertRun(db, {
        runId,
        name,
        userId: request.user_id ?? '',
        startTime: request.start_time ?? 0,
        artifactUri: appendToUri(location, runId, 'artifacts'),
        experimentId,
      });
      const hasName = tags.some(({ key }) => key === MLFLOW_TAGS.runName);
      writeTags(db, runId, hasName ? tags : [...tags, { key: MLFLOW_TAGS.runName, value: name }]);
      return this.get(runId);
    });
  }

  /** @throws {MLflowError} RESOURCE_DOES_NOT_EXIST. */
  get(runId: string): Run {
    const { db } = this.#context;
    return db.read(() => readRuns(db, [this.#getRow(runId)])[0]!);
  }

  /** The run of this id; undefined where there is none. */
  find(runId: string): Run | undefined {
    const { db } = this.#context;
    return db.read(() => {
      const row = this.#findRow(runId);
      return row === undefined ? undefined : readRuns(db, [row])[0];
    });
  }

  search(request: SearchRuns): Page<Run> {
    return searchRuns(this.#context.db, request);
  }

  /** As {@link search}, for runs that are sent as they are. */
  searchTexts(request: SearchRuns): FoundRuns {
    return searchRunTexts(this.#context.db, request);
  }

  update({ run_id, status, end_time, run_name }: UpdateRun): RunInfo {
    return this.#writeActive(run_id, (row) => {
      const name = run_name === undefined || run_name === '' ? row.name : run_name;
      const changed = { ...row, status: status ?? row.status, end_time: end_time ?? row.end_time, name };
      this.#context.db.run(
        'UPDATE runs SET status = ?, end_time = ?, name = ? WHERE run_uuid = ?',
        changed.status,
        changed.end_time,
        name,
        run_id,
      );
      if (run_name !== undefined && run_name !== '')
        writeTags(this.#context.db, run_id, [{ key: MLFLOW_TAGS.runName, value: run_name }]);
      return toRunInfo(changed);
    });
  }

  /** Deletes a run; `restore` brings it back. */
  delete(runId: string): void {
    this.#move(runId, 'deleted', this.#context.now());
  }

  restore(runId: string): void {
    this.#move(runId, 'active', null);
  }

  /** Up to 1000 metrics, 100 params and 100 tags, 1000 together, in one transaction. */
  logBatch(batch: LogBatch): void {
    checkRunId(batch.run_id);
    const { metrics, params, tags } = checkBatch(batch);
    this.#writeActive(batch.run_id, (row) => {
      writeParams(this.#context.db, batch.run_id, params);
      this.#writeMetrics(row, metrics);
      for (const tag of tags) this.#putTag(batch.run_id, tag);
    });
  }

  logMetric(runId: string, metric: MetricInput): void {
    const checked = checkMetric(metric);
    this.#writeActive(runId, (row) => this.#writeMetrics(row, [checked]));
  }

  logParam(runId: string, param: KeyValue): void {
    const { key, value } = checkParam(param);
    const { db } = this.#context;
    this.#writeActive(runId, () => {
      const old = db.get<KeyValue>(
        'SELECT key, value FROM params WHERE key = ? AND run_uuid = ?',
        key,
        runId,
      )?.value;
      if (old !== undefined && old !== value)
        throw invalidParameter(
          `Changing param values is not allowed. Param with key='${key}' was already logged with value='${old}' for run ID='${runId}'. Attempted logging new value '${value}'.`,
        );
      writeParams(db, runId, [{ key, value }]);
    });
  }

  setTag(runId: string, tag: KeyValue): void {
    const checked = checkTag(tag);
    this.#writeActive(runId, () => this.#putTag(runId, checked));
  }

  deleteTag(runId: string, key: string): void {
    this.#writeActive(runId, () => {
      const { changes } = this.#context.db.run('DELETE FROM tags WHERE run_uuid = ? AND key = ?', runId, key);
      if (changes === 0) throw doesNotExist(`No tag with name: ${key} in run with id ${runId}`);
    });
  }

  /** Notes a model that was logged with a run, as clients before MLflow 3 do: a list in one tag. */
  recordModel(runId: string, model: unknown): void {
    const { db } = this.#context;
    this.#writeActive(runId, () => {
      const key = MLFLOW_TAGS.loggedModels;
      const old = db.get<KeyValue>(
        'SELECT value FROM tags WHERE key = ? AND run_uuid = ?',
        key,
        runId,
      )?.value;
      const models = old === undefined ? [] : (JSON.parse(old) as unknown[]);
      writeTags(db, runId, [checkTag({ key, value: toPythonJson([...models, model]) })]);
    });
  }

  /** Runs `body` in a transaction, with the row of a run that may be written. */
  writeActive<T>(runId: string, body: (experimentId: number) => T): T {
    return this.#writeActive(runId, ({ experiment_id }) => body(experiment_id));
  }

  #writeActive<T>(runId: string, body: (row: RunRow) => T): T {
    return this.#context.db.write(() => {
      const row = this.#getRow(runId);
      if (row.lifecycle_stage !== 'active')
        throw invalidParameter(
          `The run ${runId} must be in the 'active' state. Current state is ${row.lifecycle_stage}.`,
        );
      return body(row);
    });
  }

  #writeMetrics({ run_uuid, experiment_id }: RunRow, metrics: readonly MetricInput[]): void {
    writeMetrics(this.#context.db, run_uuid, metrics);
    writeModelMetrics(this.#context.db, run_uuid, experiment_id, metrics);
  }

  #putTag(runId: string, tag: KeyValue): void {
    // an empty name leaves the old one, as in an update
    if (tag.key === MLFLOW_TAGS.runName && tag.value === '') return;
    if (tag.key === MLFLOW_TAGS.runName)
      this.#context.db.run('UPDATE runs SET name = ? WHERE run_uuid = ?', tag.value, runId);
    writeTags(this.#context.db, runId, [tag]);
  }

  #move(runId: string, stage: LifecycleStage, deletedTime: number | null): void {
    const { db } = this.#context;
    db.write(() => {
      this.#getRow(runId);
      db.run(
        'UPDATE runs SET lifecycle_stage = ?, deleted_time = ? WHERE run_uuid = ?',
        stage,
        deletedTime,
        runId,
      );
    });
  }

  #getRow(runId: string): RunRow {
    const row = this.#findRow(runId);
    if (row === undefined) throw doesNotExist(`Run with id=${runId} not found`);
    return row;
  }

  #findRow(runId: string): RunRow | undefined {
    return this.#context.db.get<RunRow>(`SELECT ${RUN_COLUMNS} FROM runs r WHERE r.run_uuid = ?`, runId);
  }
}

function chooseName(name: string, tag: string | undefined): string {
  if (name !== '' && tag !== undefined && tag !== '' && name !== tag)
    throw invalidParameter(
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${name}', mlflow.runName='${tag}').`,
    );
  return name || tag || makeRandomName();
}

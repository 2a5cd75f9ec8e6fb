import type { Experiment, KeyValue, LifecycleStage } from '../../../common/mlflow/entities.ts';
import { doesNotExist, invalidParameter, MLflowError } from '../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import type { CreateExperiment, Page, SearchExperiments } from '../../../common/mlflow/requests.ts';
import { checkWholeTag } from '../validation/entities.ts';
import { checkExperimentName, parseExperimentId } from '../validation/names.ts';
import { isOwn } from './conditions.ts';
import { appendToUri, type StoreContext } from './context.ts';
import { resolveLocation } from './experiment-location.ts';
import { EXPERIMENT_COLUMNS, searchExperimentRows, type ExperimentRow } from './search-experiments.ts';
import { isConstraintViolation } from './store-fault.ts';

/** The experiments of a tracking store. Experiment 0 is `Default`. */
export class ExperimentStore {
  readonly #context: StoreContext;

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** Makes an experiment; gives its id. Its artifacts are under `<root>/<id>` when it says nothing. */
  create({ name, artifact_location, tags = [] }: CreateExperiment): string {
    checkExperimentName(name);
    const location = artifact_location ? resolveLocation(artifact_location) : undefined;
    const checked = tags.map((tag) => checkWholeTag(tag, MLFLOW_LIMITS.experimentTagValueLength));
    const { db, now, artifactRoot } = this.#context;
    return db.write(() => {
      const time = now();
      const id = this.#insert(name, location ?? '', time);
      if (location === undefined)
        db.run(
          'UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?',
          appendToUri(artifactRoot, String(id)),
          id,
        );
      for (const tag of checked) this.#putTag(id, tag);
      return String(id);
    });
  }

  /** The experiment of this name, made where there is none; a deleted one is restored. */
  getOrCreate(request: CreateExperiment): Experiment {
    return this.#context.db.write(() => {
      const found = this.findByName(request.name);
      if (found === undefined) return this.get(this.create(request));
      if (found.lifecycle_stage === 'deleted') this.restore(found.experiment_id);
      return this.get(found.experiment_id);
    });
  }

  /** @throws {MLflowError} RESOURCE_DOES_NOT_EXIST. */
  get(id: string): Experiment {
    return this.#withTags([this.#getRow(id)])[0]!;
  }

  findByName(name: string): Experiment | undefined {
    const { db } = this.#context;
    const row = db.get<ExperimentRow>(
      `SELECT ${EXPERIMENT_COLUMNS} FROM experiments e WHERE e.name = ?${this.#ownWorkspace()}`,
      name,
    );
    return row === undefined ? undefined : this.#withTags([row])[0];
  }

  search(request: SearchExperiments = {}): Page<Experiment> {
    const { db } = this.#context;
    return db.read(() => {
      const { items, token } = searchExperimentRows(db, request, this.#ownWorkspace());
      return { items: this.#withTags(items), ...(token === undefined ? {} : { token }) };
    });
  }

  /** Deletes an experiment and its runs; `restore` brings them back. */
  delete(id: string): void {
    this.#move(id, 'active', 'deleted');
  }

  restore(id: string): void {
    this.#move(id, 'deleted', 'active');
  }

  rename(id: string, name: string): void {
    checkExperimentName(name);
    const { db, now } = this.#context;
    db.write(() => {
      const row = this.#getRow(id);
      if (row.lifecycle_stage !== 'active')
        throw new MLflowError('INVALID_STATE', 'Cannot rename a non-active experiment.');
      try {
        db.run(
          'UPDATE experiments SET name = ?, last_update_time = ? WHERE experiment_id = ?',
          name,
          now(),
          row.experiment_id,
        );
      } catch (error) {
        throw isConstraintViolation(error) ? nameExists(name, 'BAD_REQUEST') : error;
      }
    });
  }

  setTag(id: string, tag: KeyValue): void {
    const checked = checkWholeTag(tag, MLFLOW_LIMITS.experimentTagValueLength);
    this.#context.db.write(() => this.#putTag(this.getActiveId(id), checked));
  }

  deleteTag(id: string, key: string): void {
    const { db } = this.#context;
    db.write(() => {
      const number = this.getActiveId(id);
      const { changes } = db.run(
        'DELETE FROM experiment_tags WHERE experiment_id = ? AND key = ?',
        number,
        key,
      );
      if (changes === 0) throw doesNotExist(`No tag with name: ${key} in experiment with id ${id}`);
    });
  }

  /** The number of an experiment that things may be added to. */
  getActiveId(id: string): number {
    const row = this.#getRow(id);
    if (row.lifecycle_stage === 'active') return row.experiment_id;
    throw invalidParameter(
      `The experiment ${row.experiment_id} must be in the 'active' state. Current state is ${row.lifecycle_stage}.`,
    );
  }

  #getRow(id: string): ExperimentRow {
    const number = parseExperimentId(id === '' ? '0' : id);
    const row = this.#context.db.get<ExperimentRow>(
      `SELECT ${EXPERIMENT_COLUMNS} FROM experiments e WHERE e.experiment_id = ?${this.#ownWorkspace()}`,
      number,
    );
    if (row === undefined) throw doesNotExist(`No Experiment with id=${id.trim()} exists`);
    return row;
  }

  #insert(name: string, location: string, time: number): number {
    try {
      return this.#context.db.run(
        `INSERT INTO experiments (name, artifact_location, lifecycle_stage, creation_time, last_update_time)
         VALUES (?, ?, 'active', ?, ?)`,
        name,
        location,
        time,
        time,
      ).lastId;
    } catch (error) {
      throw isConstraintViolation(error) ? nameExists(name, 'RESOURCE_ALREADY_EXISTS') : error;
    }
  }

  #putTag(id: number, { key, value }: KeyValue): void {
    this.#context.db.run(
      `INSERT INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)
       ON CONFLICT (key, experiment_id) DO UPDATE SET value = excluded.value`,
      key,
      value,
      id,
    );
  }

  #move(id: string, from: LifecycleStage, to: LifecycleStage): void {
    const { db, now } = this.#context;
    db.write(() => {
      const row = this.#getRow(id);
      if (row.lifecycle_stage !== from)
        throw doesNotExist(`No Experiment with id=${row.experiment_id} exists`);
      const time = now();
      db.run(
        'UPDATE experiments SET lifecycle_stage = ?, last_update_time = ? WHERE experiment_id = ?',
        to,
        time,
        row.experiment_id,
      );
      db.run(
        'UPDATE runs SET lifecycle_stage = ?, deleted_time = ? WHERE experiment_id = ?',
        to,
        to === 'deleted' ? time : null,
        row.experiment_id,
      );
    });
  }

  #withTags(rows: readonly ExperimentRow[]): Experiment[] {
    const tags = new Map<number, KeyValue[]>(rows.map(({ experiment_id }) => [experiment_id, []]));
    for (const { experiment_id: id } of rows)
      tags.set(
        id,
        this.#context.db.all<KeyValue>('SELECT key, value FROM experiment_tags WHERE experiment_id = ?', id),
      );
    return rows.map((row) => ({
      experiment_id: String(row.experiment_id),
      name: row.name,
      artifact_location: row.artifact_location ?? '',
      lifecycle_stage: row.lifecycle_stage,
      last_update_time: row.last_update_time ?? undefined,
      creation_time: row.creation_time ?? undefined,
      tags: tags.get(row.experiment_id)!,
    }));
  }

  /** A further condition for a statement. */
  #ownWorkspace(): string {
    return ` AND ${isOwn(this.#context.db, 'experiments', 'e').sql}`;
  }
}

const nameExists = (name: string, code: 'RESOURCE_ALREADY_EXISTS' | 'BAD_REQUEST'): MLflowError =>
  new MLflowError(code, `Experiment(name=${name}) already exists.`);

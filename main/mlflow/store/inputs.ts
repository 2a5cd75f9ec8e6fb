import { randomUUID } from 'node:crypto';
import type { Dataset, DatasetSummary, KeyValue } from '../../../common/mlflow/entities.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import type { LogInputs, LogOutputs } from '../../../common/mlflow/requests.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import { checkDataset, checkInputTag } from '../validation/entities.ts';
import { checkRunId, parseExperimentId } from '../validation/names.ts';
import { isAnyOf } from './conditions.ts';
import type { StoreContext } from './context.ts';
import type { RunStore } from './runs.ts';

/** What runs take in and give out: data sets and models. */
export class InputStore {
  readonly #context: StoreContext;
  readonly #runs: RunStore;

  constructor(context: StoreContext, runs: RunStore) {
    this.#context = context;
    this.#runs = runs;
  }

  /** Data sets are one by name and digest within an experiment; one that a run has already keeps its first tags. */
  logInputs({ run_id, datasets = [], models = [] }: LogInputs): void {
    checkRunId(run_id);
    const checked = datasets.map(({ dataset, tags = [] }) => ({
      dataset: checkDataset(dataset),
      tags: tags.map(checkInputTag),
    }));
    this.#runs.writeActive(run_id, (experimentId) => {
      for (const { dataset, tags } of checked)
        this.#linkDataset(run_id, this.#keepDataset(experimentId, dataset), tags);
      for (const { model_id } of models) this.#link('RUN_INPUT', run_id, 'MODEL_INPUT', model_id);
    });
  }

  /** The models that a run made, each with the step at which it did. */
  logOutputs({ run_id, models }: LogOutputs): void {
    this.#runs.writeActive(run_id, () => {
      for (const { model_id, step } of models)
        this.#link('RUN_OUTPUT', run_id, 'MODEL_OUTPUT', model_id, step);
    });
  }

  /** The data sets that the runs of some experiments used, each context once. */
  searchDatasets(experimentIds: readonly string[]): DatasetSummary[] {
    const { sql, values } = isAnyOf('d.experiment_id', experimentIds.map(parseExperimentId));
    return this.#context.db
      .all<{ experiment_id: number; name: string; digest: string; context: string | null }>(
        `SELECT DISTINCT d.experiment_id, d.name, d.digest, t.value AS context
         FROM datasets d JOIN inputs i ON i.source_id = d.dataset_uuid
         LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = '${MLFLOW_TAGS.dataContext}'
         WHERE ${sql} LIMIT ${MLFLOW_LIMITS.datasetSummaries}`,
        ...values,
      )
      .map(({ experiment_id, name, digest, context }) => ({
        experiment_id: String(experiment_id),
        name,
        digest,
        ...(context === null ? {} : { context }),
      }));
  }

  #keepDataset(experimentId: number, dataset: Dataset): string {
    const { db } = this.#context;
    const { name, digest, source_type, source, schema, profile } = dataset;
    const found = db.get<{ id: string }>(
      'SELECT dataset_uuid AS id FROM datasets WHERE experiment_id = ? AND name = ? AND digest = ?',
      experimentId,
      name,
      digest,
    );
    if (found !== undefined) return found.id;
    const id = newId();
    db.run(
      `INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source,
         dataset_schema, dataset_profile) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      experimentId,
      name,
      digest,
      source_type,
      source,
      schema ?? null,
      profile ?? null,
    );
    return id;
  }

  #linkDataset(runId: string, datasetId: string, tags: readonly KeyValue[]): void {
    const id = this.#link('DATASET', datasetId, 'RUN', runId);
    if (id === undefined) return;
    for (const { key, value } of tags)
      this.#context.db.run(
        `INSERT INTO input_tags (input_uuid, name, value) VALUES (?, ?, ?)
         ON CONFLICT (input_uuid, name) DO UPDATE SET value = excluded.value`,
        id,
        key,
        value,
      );
  }

  /** Ties two things together; undefined where they are tied already. */
  #link(fromType: string, fromId: string, toType: string, toId: string, step = 0): string | undefined {
    const id = newId();
    const { changes } = this.#context.db.run(
      `INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      id,
      fromType,
      fromId,
      toType,
      toId,
      step,
    );
    return changes === 0 ? undefined : id;
  }
}

const newId = (): string => randomUUID().replaceAll('-', '');

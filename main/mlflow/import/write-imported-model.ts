import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import type { ImportedModel, ImportedRun } from './import-source.ts';
import { logInParts } from './write-imported-run.ts';

/**
 * Takes over a logged model under its own id. A param that is there stays.
 *
 * @returns true for a model that was not there; undefined for one that was deleted here, which stays so
 */
export function writeModel(
  store: TrackingStore,
  model: ImportedModel,
  report: (what: string) => void,
): boolean | undefined {
  const { modelId, experiment, name, type, status, sourceRunId, createdAt } = model;
  const known = store.loggedModels.find(modelId);
  if (store.loggedModels.isDeleted(modelId)) {
    report('it was deleted here');
    return undefined;
  }
  // versions may have other numbers here: those that are made of it are noted as they come
  const tags = model.tags.filter(({ key }) => key !== MLFLOW_TAGS.modelVersions);
  if (known === undefined) {
    const { experiment_id } = store.experiments.getOrCreate({
      name: experiment.name,
      tags: [...experiment.tags],
    });
    store.loggedModels.create(
      { experiment_id, name, model_type: type, source_run_id: sourceRunId, params: model.params, tags },
      { modelId, createdAt },
    );
  } else {
    const kept = new Set(known.data.params.map(({ key }) => key));
    store.loggedModels.logParams(
      modelId,
      model.params.filter(({ key }) => !kept.has(key)),
    );
    store.loggedModels.setTags(modelId, tags);
  }
  writeMetrics(store, model, report);
  if (status !== 'LOGGED_MODEL_STATUS_UNSPECIFIED' && status !== known?.info.status)
    store.loggedModels.finalize({ model_id: modelId, status });
  return known === undefined;
}

/** A point belongs to the run that measured it as well, which must be here. */
function writeMetrics(
  store: TrackingStore,
  { modelId, sourceRunId, metrics }: ImportedModel,
  report: (what: string) => void,
): void {
  const byRun = Map.groupBy(metrics, ({ run_id }) => run_id ?? sourceRunId);
  for (const [runId, points] of byRun) {
    if (store.runs.find(runId)?.info.lifecycle_stage !== 'active') {
      report(`what a run measured of it that is not here: ${points.length} points`);
      continue;
    }
    const own = points.map(({ run_id: _run, ...point }) => ({ ...point, model_id: modelId }));
    logInParts(store, runId, 'metrics', own, report);
  }
}

/** Ties a run to the models that it used and made, those that are here. */
export function linkModels(
  store: TrackingStore,
  { runId, modelInputs, modelOutputs }: Pick<ImportedRun, 'runId' | 'modelInputs' | 'modelOutputs'>,
): void {
  const isHere = (id: string): boolean => store.loggedModels.find(id) !== undefined;
  const used = modelInputs.filter(isHere).map((model_id) => ({ model_id }));
  const made = modelOutputs.filter(({ model_id }) => isHere(model_id));
  if (used.length > 0) store.inputs.logInputs({ run_id: runId, models: used });
  if (made.length > 0) store.inputs.logOutputs({ run_id: runId, models: made });
}

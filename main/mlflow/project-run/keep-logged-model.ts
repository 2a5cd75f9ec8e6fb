import type { Run } from '../../../common/mlflow/entities.ts';
import type { MetricInput } from '../../../common/mlflow/requests.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import { SEARCH_PARAMS } from './tracked-names.ts';
import type { TrackedModel } from './tracking-sink.ts';

/** What a model says of where it came from, as its run does. */
const KEPT_TAGS: readonly string[] = [
  MLFLOW_TAGS.user,
  MLFLOW_TAGS.sourceName,
  MLFLOW_TAGS.sourceType,
  OUTERLOOP_TAGS.mmar,
  OUTERLOOP_TAGS.run,
  OUTERLOOP_TAGS.job,
];
/** Metrics of the weights that were kept: the score, and what validations measure. */
const MEASURED = /^(?:score$|val)/;

/**
 * Makes a model of a run, whose files are there, a logged model of MLflow 3: an output of the run, with the values that were
 * tried and with what was measured of these weights. May be said again; a model that its user has deleted stays so.
 */
export function keepLoggedModel(store: TrackingStore, run: Run, model: TrackedModel): void {
  const { modelId, name, createdAt, step } = model;
  const { run_id: runId, experiment_id: experimentId } = run.info;
  const known = store.loggedModels.find(modelId);
  if (known === undefined) {
    store.loggedModels.create(
      {
        experiment_id: experimentId,
        name,
        source_run_id: runId,
        params: run.data.params.filter(({ key }) => key.startsWith(SEARCH_PARAMS)),
        tags: run.data.tags.filter(({ key }) => KEPT_TAGS.includes(key)),
      },
      { modelId, createdAt: Math.round(createdAt) },
    );
    store.loggedModels.finalize({ model_id: modelId, status: 'LOGGED_MODEL_READY' });
  } else if (store.loggedModels.isDeleted(modelId)) return;
  store.inputs.logOutputs({ run_id: runId, models: [{ model_id: modelId, step }] });
  const metrics = measuredAt(store, runId, step).map((point): MetricInput => ({
    ...point,
    model_id: modelId,
    ...(model.dataset === undefined
      ? {}
      : { dataset_name: model.dataset.name, dataset_digest: model.dataset.digest }),
  }));
  if (metrics.length > 0) store.runs.logBatch({ run_id: runId, metrics });
}

/** The points of a run at one step that say how good its weights were there. */
function measuredAt(store: TrackingStore, runId: string, step: number): readonly MetricInput[] {
  return store.metrics
    .listKeys(runId)
    .filter((key) => MEASURED.test(key))
    .flatMap((key) =>
      store.metrics
        .getInterval({ run_ids: [runId], metric_key: key, start_step: step, end_step: step })
        .map(({ value, timestamp }) => ({ key, value, timestamp, step })),
    )
    .filter(({ value }) => Number.isFinite(value));
}

import type { TrackedRunDetail } from '../../../common/api/tracking.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import { describeRunDetail } from './describe-run.ts';

const MOST_CHILDREN = 1000;

/** A run with its experiment's name, the runs nested in it, and the models that it made. */
export function readRunDetail(store: TrackingStore, runId: string): TrackedRunDetail {
  const run = store.runs.get(runId);
  const experiment = store.experiments.get(run.info.experiment_id);
  const children = store.runs.search({
    experiment_ids: [run.info.experiment_id],
    filter: `tags.\`${MLFLOW_TAGS.parentRunId}\` = '${runId}'`,
    order_by: ['attributes.start_time ASC'],
    max_results: MOST_CHILDREN,
  });
  const models = run.outputs.model_outputs.flatMap(({ model_id, step }) => {
    const model = store.loggedModels.find(model_id);
    return model === undefined ? [] : [{ ...model, step }];
  });
  return describeRunDetail(run, { experimentName: experiment.name, children: children.items, models });
}

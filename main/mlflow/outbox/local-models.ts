import type { Experiment, LoggedModel } from '../../../common/mlflow/entities.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import { collectPages, listExperiments } from './local-runs.ts';

/** A logged model of the local store, as it is to be elsewhere. */
export interface LocalModel {
  readonly model: LoggedModel;
  readonly experiment: Experiment;
}

const PAGE = 1000;

/** All active logged models of the active experiments, the older ones first. */
export function listLocalModels(store: TrackingStore): readonly LocalModel[] {
  return listExperiments(store).flatMap((experiment) =>
    collectPages<LoggedModel>((page) =>
      store.loggedModels.search({
        experiment_ids: [experiment.experiment_id],
        max_results: PAGE,
        order_by: [{ field_name: 'creation_timestamp', ascending: true }],
        ...page,
      }),
    ).map((model) => ({ model, experiment })),
  );
}

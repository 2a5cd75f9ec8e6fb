import { MLflowError } from '../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import type { LogBatch } from '../../../common/mlflow/requests.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import type { ImportedRun } from './import-source.ts';

/**
 * Takes over a run under its own id. A param that is there with another value stays; what MLflow's rules refuse is left out
 * and told.
 *
 * @returns true for a run that was not there; undefined for one that was deleted here, which stays so
 */
export function writeRun(
  store: TrackingStore,
  run: ImportedRun,
  report: (what: string) => void,
): boolean | undefined {
  const { runId, experiment, userId, name, startTime, status, endTime } = run;
  const known = store.runs.find(runId);
  if (known === undefined)
    store.runs.create(
      {
        experiment_id: store.experiments.getOrCreate({ name: experiment.name, tags: [...experiment.tags] })
          .experiment_id,
        user_id: userId,
        run_name: name,
        start_time: startTime,
      },
      runId,
    );
  else if (known.info.lifecycle_stage === 'deleted') {
    report('it was deleted here');
    return undefined;
  }
  const kept = new Set(known?.data.params.map(({ key }) => key));
  const params = run.params.filter(({ key }) => !kept.has(key));
  const tags = run.tags.filter(({ key }) => key !== MLFLOW_TAGS.runName);
  logInParts(store, runId, 'params', params, report);
  logInParts(store, runId, 'tags', tags, report);
  logInParts(store, runId, 'metrics', run.metrics, report);
  if (run.inputs.length > 0) store.inputs.logInputs({ run_id: runId, datasets: run.inputs });
  store.runs.update({ run_id: runId, status, ...(endTime === undefined ? {} : { end_time: endTime }) });
  return known === undefined;
}

/** A batch that is refused is tried item by item, so that one bad item costs itself alone. */
export function logInParts<Kind extends 'metrics' | 'params' | 'tags'>(
  store: TrackingStore,
  runId: string,
  kind: Kind,
  items: NonNullable<LogBatch[Kind]>,
  report: (what: string) => void,
): void {
  const size = kind === 'metrics' ? MLFLOW_LIMITS.batchMetrics : MLFLOW_LIMITS.batchParams;
  const log = (part: readonly unknown[]): void => store.runs.logBatch({ run_id: runId, [kind]: part });
  for (let at = 0; at < items.length; at += size) {
    const part = items.slice(at, at + size);
    try {
      log(part);
    } catch (error) {
      if (!(error instanceof MLflowError)) throw error;
      for (const item of part)
        try {
          log([item]);
        } catch (refusal) {
          if (!(refusal instanceof MLflowError)) throw refusal;
          report(`${kind.slice(0, -1)} ${item.key}: ${refusal.message}`);
        }
    }
  }
}

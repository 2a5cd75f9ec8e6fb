import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import { MLflowError } from '../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import type { LogBatch } from '../../../common/mlflow/requests.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import { artifactPathOf } from '../artifacts/artifact-path.ts';
import { copyArtifact } from '../project-run/copy-artifact.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import type { ImportedRun, ImportReport, ImportSource } from './imported-run.ts';

/**
 * Takes over the runs of another store, under their own ids: importing twice, or importing a store that has grown, adds what is
 * new and nothing twice. A param that is there with another value stays; what MLflow's rules refuse is left out and told.
 *
 * @throws FaultError for a store that cannot be written
 */
export async function importRuns(store: TrackingStore, source: ImportSource): Promise<ImportReport> {
  if (store.readOnly !== undefined) throw new FaultError(store.readOnly);
  const problems: string[] = [];
  let newRuns = 0;
  let knownRuns = 0;
  let files = 0;
  for await (const run of source.runs) {
    const report = (what: string): void => void problems.push(`run ${run.name}: ${what}`);
    try {
      const isNew = store.transaction(() => writeRun(store, run, report));
      if (isNew) newRuns++;
      else knownRuns++;
      files += await copyFiles(store, run, report);
    } catch (error) {
      if (!(error instanceof MLflowError)) throw error;
      report(error.message);
    }
  }
  return { newRuns, knownRuns, files, problems };
}

/** @returns true for a run that was not there */
function writeRun(store: TrackingStore, run: ImportedRun, report: (what: string) => void): boolean {
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
    return false;
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
function logInParts<Kind extends 'metrics' | 'params' | 'tags'>(
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

/** @returns how many files the run has now */
async function copyFiles(
  store: TrackingStore,
  { runId, artifacts }: ImportedRun,
  report: (what: string) => void,
): Promise<number> {
  const target = artifactPathOf(store.runs.get(runId).info.artifact_uri);
  if (artifacts === undefined || target === undefined) {
    report('its artifacts are kept elsewhere and were not copied');
    return 0;
  }
  const entries = await readdir(artifacts, { recursive: true, withFileTypes: true }).catch(() => []);
  let count = 0;
  for (const entry of entries.filter((item) => item.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(artifacts.length + 1).replaceAll('\\', '/');
    if (await copyArtifact(file, store.artifacts.resolve(`${target}/${path}`))) count++;
  }
  return count;
}

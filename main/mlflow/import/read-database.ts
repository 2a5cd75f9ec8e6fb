import { basename, dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { FaultError } from '../../../common/fault.ts';
import type { Run } from '../../../common/mlflow/entities.ts';
import { artifactPathOf } from '../artifacts/artifact-path.ts';
import { listLocalRuns } from '../outbox/local-runs.ts';
import { openDatabase } from '../store/open-database.ts';
import { TrackingStore } from '../store/tracking-store.ts';
import type { ImportedRun, ImportSource } from './imported-run.ts';

/** Where `mlflow server` keeps the artifacts that it takes itself, beside its database. */
const ARTIFACT_FOLDERS = ['artifacts', 'mlartifacts', 'mlruns'];
const BUSY_TIMEOUT_MS = 10_000;

/**
 * A database of MLflow, of any version whose tables this program knows. It is only read.
 *
 * @param artifacts folder of the artifacts that its server took; found beside the database when left out
 * @throws FaultError that names the file, when it is no database of MLflow
 */
export function readDatabase(file: string, artifacts?: string): ImportSource {
  const folder = dirname(file);
  const root = artifacts ?? ARTIFACT_FOLDERS.map((name) => join(folder, name)).find(existsSync);
  const store = openForeignStore(file, folder);
  return { runs: readRuns(store, folder, root), leftOut: ['logged and registered models', 'traces'] };
}

function openForeignStore(file: string, folder: string): TrackingStore {
  try {
    const db = openDatabase({
      file,
      readOnly: true,
      busyTimeoutMs: BUSY_TIMEOUT_MS,
      defaultArtifactLocation: '',
      now: Date.now,
    });
    return new TrackingStore(folder, db, { db, now: Date.now, artifactRoot: '' });
  } catch (error) {
    // the store's own name would point to the wrong file
    if (!(error instanceof FaultError)) throw error;
    throw new FaultError(...error.faults.map((fault) => ({ ...fault, file: basename(file) })));
  }
}

function* readRuns(store: TrackingStore, folder: string, root: string | undefined): Generator<ImportedRun> {
  try {
    for (const { run, experiment } of listLocalRuns(store)) {
      const { info, data, inputs } = run;
      const artifacts = locateArtifacts(run, folder, root);
      yield {
        runId: info.run_id,
        experiment: { name: experiment.name, tags: experiment.tags },
        name: info.run_name,
        userId: info.user_id,
        status: info.status,
        startTime: info.start_time,
        ...(info.end_time === undefined ? {} : { endTime: info.end_time }),
        params: data.params,
        tags: data.tags,
        metrics: data.metrics.flatMap(
          ({ key }) => store.metrics.getHistory({ run_id: info.run_id, metric_key: key }).items,
        ),
        inputs: inputs.dataset_inputs,
        ...(artifacts === undefined ? {} : { artifacts }),
      };
    }
  } finally {
    store.close();
  }
}

/** Through the server: below its folder. A path or `file:` address: there. Anything else is not on this machine. */
function locateArtifacts({ info }: Run, folder: string, root: string | undefined): string | undefined {
  const proxied = artifactPathOf(info.artifact_uri);
  if (proxied !== undefined) return root === undefined ? undefined : join(root, proxied);
  if (info.artifact_uri.startsWith('file:')) return fileURLToPath(info.artifact_uri);
  if (/^[a-z][a-z0-9+.-]+:/i.test(info.artifact_uri)) return undefined;
  return isAbsolute(info.artifact_uri) ? info.artifact_uri : join(folder, info.artifact_uri);
}

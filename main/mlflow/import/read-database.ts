import { basename, dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { FaultError } from '../../../common/fault.ts';
import type { ModelVersion, RegisteredModel } from '../../../common/mlflow/entities.ts';
import { listLocalModels } from '../outbox/local-models.ts';
import { collectPages, listLocalRuns } from '../outbox/local-runs.ts';
import { openDatabase } from '../store/open-database.ts';
import { TrackingStore } from '../store/tracking-store.ts';
import type {
  ImportedModel,
  ImportedRegisteredModel,
  ImportedRun,
  ImportedVersion,
  ImportSource,
} from './import-source.ts';
import { locateFiles, type FileSurroundings } from './locate-files.ts';

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
  const around = { folder, root };
  return {
    runs: () => readRuns(store, around),
    models: () => readModels(store, around),
    registered: () => readRegistered(store),
    leftOut: () => [
      ...store.overview.describeOthers(),
      ...(store.registeredModels.isReadable ? [] : ['registered models, which an older MLflow wrote']),
    ],
    close: () => store.close(),
  };
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

function* readRuns(store: TrackingStore, around: FileSurroundings): Generator<ImportedRun> {
  for (const { run, experiment } of listLocalRuns(store)) {
    const { info, data, inputs, outputs } = run;
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
      modelInputs: inputs.model_inputs.map(({ model_id }) => model_id),
      modelOutputs: outputs.model_outputs,
      artifactUri: info.artifact_uri,
      files: locateFiles(info.artifact_uri, around),
    };
  }
}

function* readModels(store: TrackingStore, around: FileSurroundings): Generator<ImportedModel> {
  for (const { model, experiment } of listLocalModels(store)) {
    const { info, data } = model;
    yield {
      modelId: info.model_id,
      experiment: { name: experiment.name, tags: experiment.tags },
      name: info.name,
      type: info.model_type ?? '',
      status: info.status,
      sourceRunId: info.source_run_id ?? '',
      createdAt: info.creation_timestamp_ms,
      params: data.params,
      tags: info.tags,
      metrics: data.metrics,
      artifactUri: info.artifact_uri,
      files: locateFiles(info.artifact_uri, around),
    };
  }
}

function* readRegistered(store: TrackingStore): Generator<ImportedRegisteredModel> {
  if (!store.registeredModels.isReadable) return;
  const models = collectPages<RegisteredModel>((page) => store.registeredModels.search(page));
  for (const { name, description = '', creation_timestamp, last_updated_timestamp, tags, aliases } of models)
    yield {
      name,
      description,
      createdAt: creation_timestamp ?? 0,
      updatedAt: last_updated_timestamp ?? 0,
      tags,
      aliases: aliases.map(({ alias, version }) => ({ alias, version: Number(version) })),
      versions: store.modelVersions.list(name).map(toImported),
    };
}

function toImported(version: ModelVersion): ImportedVersion {
  const source = version.source ?? '';
  const modelId = /^models:\/+(m-[0-9a-f]{32})$/.exec(source)?.[1];
  return {
    version: Number(version.version),
    createdAt: version.creation_timestamp ?? 0,
    updatedAt: version.last_updated_timestamp ?? 0,
    description: version.description ?? '',
    userId: version.user_id ?? '',
    stage: version.current_stage,
    source,
    runId: version.run_id ?? '',
    ...(modelId === undefined ? {} : { modelId }),
    tags: version.tags,
  };
}

import type { LoggedModel, ModelOutput } from '../../../common/mlflow/entities.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import type { MetricInput } from '../../../common/mlflow/requests.ts';
import type { TrackingClient } from '../client/tracking-client.ts';
import { TrackingFailure } from '../client/tracking-failure.ts';
import type { HeldBack } from '../redact/allow-list.ts';
import { listFilesAt, type LocalFile, type LocalRun } from './local-runs.ts';
import { makeOnce } from './make-once.ts';
import { heldFiles, prepareModelFiles, renameModel, uploadModelFile } from './model-files.ts';
import type { RemoteRun } from './remote-place.ts';
import { measuredAt, reviewModel, type ReviewedModel } from './review-model.ts';
import { digestOf } from './review-run.ts';
import type { SendingParts } from './sending-parts.ts';

/** What a model is not one without. */
const NEEDED = ['MLmodel', 'model.onnx'];

/**
 * Brings the logged models that a run made to a server, each once, with their files, and what was measured of them. MLflow 2
 * has none: there the files are among those of the run, in a folder of the model's name.
 *
 * @returns what stays here, and why
 */
export async function sendModels(
  parts: SendingParts,
  local: LocalRun,
  remote: RemoteRun,
): Promise<readonly HeldBack[]> {
  const held: HeldBack[] = [];
  for (const { model_id: modelId, step } of local.run.outputs.model_outputs) {
    const model = parts.store.loggedModels.isDeleted(modelId)
      ? undefined
      : parts.store.loggedModels.find(modelId);
    if (model !== undefined) held.push(...(await sendModel(parts, { local, remote, model, step })));
  }
  return held;
}

interface Sending {
  readonly local: LocalRun;
  readonly remote: RemoteRun;
  readonly model: LoggedModel;
  /** At which the run made it. */
  readonly step: number;
}

async function sendModel(parts: SendingParts, sending: Sending): Promise<readonly HeldBack[]> {
  const { allowList, ledger } = parts;
  const { model, local, remote, step } = sending;
  const { model_id: modelId, status } = model.info;
  const { run_id: runId } = local.run.info;
  const reviewed = reviewModel(model, allowList);
  const all = await listFilesAt(parts.store, model.info.artifact_uri);
  const files = await prepareModelFiles(parts, modelId, all, undefined);
  const missing = NEEDED.find((name) => !('upload' in (files.get(name) ?? {})));
  if (missing !== undefined) {
    const prepared = files.get(missing);
    const rule = prepared === undefined ? 'a model without its files' : (prepared.rule ?? '');
    return [{ kind: 'model', key: `${reviewed.name}/${missing}`, rule }];
  }
  const held = [...reviewed.held, ...heldFiles(files, reviewed.name, allowList)];
  const digests = [...files].map(([name, file]) => ['upload' in file ? file.sha256 : null, name]);
  const metrics = measuredAt(parts, model);
  const told = digestOf({
    ...reviewed,
    held: undefined,
    digests,
    metrics: [...metrics],
    status,
    step,
    run: remote.runId,
  });
  if (ledger.models.model(modelId).told === told) return held;
  try {
    if (await parts.place.hasLoggedModels()) await tellModel(parts, sending, reviewed, metrics);
    else await sendAsFiles(parts, sending, reviewed.name, all);
    // while a second one may turn up it is looked for again
    if (ledger.models.model(modelId).doubtful_since === null)
      ledger.models.changeModel(modelId, runId, { told });
  } catch (error) {
    if (!(await isDeletedThere(parts, error, remote))) throw error;
    return [...held, { kind: 'model', key: reviewed.name, rule: 'it was deleted on the server' }];
  }
  return held;
}

/** A model that is gone while its run is there was deleted by somebody: it is not made again. */
async function isDeletedThere(
  { client }: SendingParts,
  error: unknown,
  { runId }: RemoteRun,
): Promise<boolean> {
  if (!(error instanceof TrackingFailure) || error.errorCode !== 'RESOURCE_DOES_NOT_EXIST') return false;
  return (await client.getRun(runId))?.info.lifecycle_stage === 'active';
}

async function tellModel(
  parts: SendingParts,
  sending: Sending,
  reviewed: ReviewedModel,
  metrics: ReadonlyMap<string, readonly MetricInput[]>,
): Promise<void> {
  const { client, ledger } = parts;
  const { remote, model, step } = sending;
  const { model_id: localId, status } = model.info;
  const wasThere = ledger.models.model(localId).remote_model_id !== null;
  const { modelId, artifactUri } = await openModel(parts, sending, reviewed);
  if (wasThere) await tellChanges(parts, modelId, reviewed);
  const rewrite = (text: string): string => renameModel(text, { modelId, runId: remote.runId, artifactUri });
  for (const [path, file] of await prepareModelFiles(
    parts,
    localId,
    await listFilesAt(parts.store, model.info.artifact_uri),
    rewrite,
  ))
    await uploadModelFile(parts, localId, artifactUri, [path, path], file);
  await linkModel(client, remote.runId, { model_id: modelId, step });
  for (const [runId, points] of metrics)
    for (let at = 0; at < points.length; at += MLFLOW_LIMITS.batchMetrics) {
      const part = points.slice(at, at + MLFLOW_LIMITS.batchMetrics);
      await client.logBatch({
        run_id: runId,
        metrics: part.map((point) => ({ ...point, model_id: modelId })),
      });
    }
  // last: a model that is ready there is complete
  if (status === 'LOGGED_MODEL_READY' || status === 'LOGGED_MODEL_UPLOAD_FAILED')
    await client.models.finalizeLoggedModel({ model_id: modelId, status });
}

/** MLflow ties a model to its run once and refuses to do it again: after a lost answer, too. */
async function linkModel(client: TrackingClient, runId: string, output: ModelOutput): Promise<void> {
  const isTied = async (): Promise<boolean> => {
    const run = await client.getRun(runId);
    return run?.outputs.model_outputs.some(({ model_id: id }) => id === output.model_id) ?? false;
  };
  if (await isTied()) return;
  try {
    await client.models.logOutputs(runId, [output]);
  } catch (error) {
    if (!(error instanceof TrackingFailure) || error.status !== 400 || !(await isTied())) throw error;
  }
}

/** The model there: the one that was made before, else one that carries our uid, else a new one. */
async function openModel(
  { client, ledger, place }: SendingParts,
  { local, remote, model }: Sending,
  { name, params, tags }: ReviewedModel,
): Promise<{ readonly modelId: string; readonly artifactUri: string }> {
  const { model_id: localId, model_type } = model.info;
  const { run_id: localRunId } = local.run.info;
  const account = ledger.models.model(localId);
  if (account.remote_model_id !== null && account.doubtful_since === null)
    return { modelId: account.remote_model_id, artifactUri: account.artifact_uri ?? '' };
  const experimentId = await place.openExperiment(local.experiment);
  const filter = `tags.\`${OUTERLOOP_TAGS.modelUid}\` = '${localId}'`;
  const { info } = await makeOnce<LoggedModel>({
    now: place.now,
    account: () => {
      const { remote_model_id, doubtful_since, lost_answers } = ledger.models.model(localId);
      return { remoteId: remote_model_id, doubtfulSince: doubtful_since, lostAnswers: lost_answers };
    },
    change: ({ remoteId, doubtfulSince, lostAnswers }) =>
      ledger.models.changeModel(localId, localRunId, {
        ...(remoteId === undefined ? {} : { remote_model_id: remoteId }),
        ...(doubtfulSince === undefined ? {} : { doubtful_since: doubtfulSince }),
        ...(lostAnswers === undefined ? {} : { lost_answers: lostAnswers }),
      }),
    find: async () => {
      const found = await client.models.searchLoggedModels(experimentId, filter);
      return found.toSorted((a, b) => (a.info.model_id < b.info.model_id ? -1 : 1));
    },
    create: () =>
      client.models.createLoggedModel({
        experiment_id: experimentId,
        name,
        source_run_id: remote.runId,
        params,
        tags,
        ...(model_type === undefined ? {} : { model_type }),
      }),
    remove: (item) => client.models.deleteLoggedModel(item.info.model_id),
    idOf: (item) => item.info.model_id,
    keep: (item) => {
      if (ledger.models.model(localId).remote_model_id === item.info.model_id) return;
      ledger.forgetArtifacts(localId);
      ledger.models.changeModel(localId, localRunId, {
        remote_model_id: item.info.model_id,
        artifact_uri: item.info.artifact_uri,
        told: null,
      });
    },
  });
  return { modelId: info.model_id, artifactUri: info.artifact_uri };
}

/** Params are there once; tags of ours are set again. */
async function tellChanges(
  { client }: SendingParts,
  modelId: string,
  reviewed: ReviewedModel,
): Promise<void> {
  const there = await client.models.getLoggedModel(modelId);
  if (there === undefined)
    throw new TrackingFailure('answer', 'the model is not there any more', {
      status: 404,
      errorCode: 'RESOURCE_DOES_NOT_EXIST',
    });
  const known = new Set(there.data.params.map(({ key }) => key));
  const fresh = reviewed.params.filter(({ key }) => !known.has(key));
  if (fresh.length > 0) await client.models.logLoggedModelParams(modelId, fresh);
  await client.models.setLoggedModelTags(modelId, reviewed.tags);
}

/** To a server of MLflow 2: files of the run, as its clients log models. */
async function sendAsFiles(
  parts: SendingParts,
  { local, remote, model }: Sending,
  name: string,
  all: readonly LocalFile[],
): Promise<void> {
  const { model_id: localId } = model.info;
  const isFirst = parts.ledger.models.isFirstOfName(
    local.run.info.run_id,
    localId,
    `${remote.artifactUri}/${name}`,
  );
  const folder = isFirst ? name : `${name}-${localId.slice(2, 10)}`;
  const rewrite = (text: string): string =>
    renameModel(text, { modelId: undefined, runId: remote.runId, artifactUri: folder });
  for (const [path, file] of await prepareModelFiles(parts, localId, all, rewrite))
    await uploadModelFile(parts, localId, remote.artifactUri, [path, `${folder}/${path}`], file);
  // versions of registered models find their files by it
  const account = { remote_model_id: null, artifact_uri: `${remote.artifactUri}/${folder}` };
  parts.ledger.models.changeModel(localId, local.run.info.run_id, account);
}

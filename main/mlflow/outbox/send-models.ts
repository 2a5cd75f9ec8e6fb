import type { KeyValue, LoggedModel, Metric, ModelOutput } from '../../../common/mlflow/entities.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import type { MetricInput } from '../../../common/mlflow/requests.ts';
import type { TrackingClient } from '../client/tracking-client.ts';
import { TrackingFailure } from '../client/tracking-failure.ts';
import type { AllowList, HeldBack } from '../redact/allow-list.ts';
import { listFilesAt, type LocalFile, type LocalRun } from './local-runs.ts';
import { makeOnce } from './make-once.ts';
import type { RemoteRun } from './remote-place.ts';
import { describeKey, digestOf } from './review-run.ts';
import { prepareFile, type PreparedFile } from './send-file.ts';
import type { SendingParts } from './send-run.ts';

/** What a model is not one without. */
const NEEDED = ['MLmodel', 'model.onnx'];

/** What of a logged model may go. */
interface ReviewedModel {
  readonly name: string;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly held: readonly HeldBack[];
}

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
  const all = await listModelFiles(parts, model);
  const files = await prepareFiles(parts, modelId, all, undefined);
  const missing = NEEDED.find((name) => !('upload' in (files.get(name) ?? {})));
  if (missing !== undefined) {
    const prepared = files.get(missing);
    const rule = prepared === undefined ? 'a model without its files' : (prepared.rule ?? '');
    return [{ kind: 'model', key: `${reviewed.name}/${missing}`, rule }];
  }
  const held = [...reviewed.held, ...heldFiles(files, reviewed.name, allowList)];
  const digests = [...files].map(([name, file]) => ['upload' in file ? file.sha256 : null, name]);
  const metrics = measuredAt(parts, model);
  const told = digestOf({ ...reviewed, held: undefined, digests, metrics, status, step, run: remote.runId });
  if (ledger.models.model(modelId).told === told) return held;
  try {
    if (await parts.place.hasLoggedModels()) await tellModel(parts, sending, reviewed, metrics);
    else await sendAsFiles(parts, sending, all);
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
  for (const [path, file] of await prepareFiles(parts, localId, await listModelFiles(parts, model), rewrite))
    await upload(parts, localId, artifactUri, [path, path], file);
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
  all: readonly LocalFile[],
): Promise<void> {
  const { model_id: localId, name } = model.info;
  const rewrite = (text: string): string =>
    renameModel(text, { modelId: undefined, runId: remote.runId, artifactUri: name });
  for (const [path, file] of await prepareFiles(parts, localId, all, rewrite))
    await upload(parts, localId, remote.artifactUri, [path, `${name}/${path}`], file);
  // versions of registered models find their files by it
  const account = { remote_model_id: null, artifact_uri: `${remote.artifactUri}/${name}` };
  parts.ledger.models.changeModel(localId, local.run.info.run_id, account);
}

async function upload(
  { client, ledger }: SendingParts,
  owner: string,
  artifactUri: string,
  [path, pathThere]: readonly [string, string],
  file: PreparedFile,
): Promise<void> {
  if (!('upload' in file) || ledger.artifactDigest(owner, path) === file.sha256) return;
  await client.uploadArtifact(artifactUri, pathThere, file.upload);
  ledger.keepArtifact(owner, path, file.sha256);
}

function reviewModel({ info, data }: LoggedModel, allowList: AllowList): ReviewedModel {
  const held: HeldBack[] = [];
  const keep = (what: string, key: string, verdict: ReturnType<AllowList['judgeTag']>): boolean => {
    if (!verdict.ok)
      held.push({ kind: 'model', key: `${what} ${describeKey(key, allowList)}`, rule: verdict.rule });
    return verdict.ok;
  };
  const isNamed = keep('name', info.name, allowList.judgeName(info.name));
  const tags = info.tags
    .filter(({ key }) => !allowList.isSilent(key) && key !== OUTERLOOP_TAGS.modelUid)
    .filter((tag) => keep('tag', tag.key, allowList.judgeTag(tag)));
  return {
    name: isNamed ? info.name : `model-${digestOf(info.name).slice(0, 8)}`,
    params: data.params.filter((param) => keep('param', param.key, allowList.judgeParam(param))),
    tags: [...tags, { key: OUTERLOOP_TAGS.modelUid, value: info.model_id }],
    held,
  };
}

/** What was measured of a model, by the run there that measured it: of runs that are there. */
function measuredAt(
  { ledger, allowList }: SendingParts,
  { info, data }: LoggedModel,
): ReadonlyMap<string, readonly MetricInput[]> {
  const found = new Map<string, MetricInput[]>();
  for (const metric of data.metrics) {
    const runId = ledger.get(metric.run_id ?? info.source_run_id ?? '').remote_run_id;
    if (runId === null || !allowList.judgeName(metric.key).ok) continue;
    found.set(runId, [...(found.get(runId) ?? []), toInput(metric, allowList)]);
  }
  return found;
}

function toInput(
  { key, value, timestamp, step, dataset_name, dataset_digest }: Metric,
  allowList: AllowList,
): MetricInput {
  const isNamed =
    dataset_name !== undefined && dataset_digest !== undefined && allowList.judgeName(dataset_name).ok;
  return { key, value, timestamp, step, ...(isNamed ? { dataset_name, dataset_digest } : {}) };
}

async function listModelFiles({ store }: SendingParts, { info }: LoggedModel): Promise<readonly LocalFile[]> {
  return listFilesAt(store, info.artifact_uri);
}

async function prepareFiles(
  { allowList, digests, ledger }: SendingParts,
  owner: string,
  files: readonly LocalFile[],
  rewrite: ((text: string) => string) | undefined,
): Promise<ReadonlyMap<string, PreparedFile>> {
  const found = new Map<string, PreparedFile>();
  for (const file of files) {
    const isKnown = (sha256: string): boolean => ledger.artifactDigest(owner, file.path) === sha256;
    const own = file.path === 'MLmodel' && rewrite !== undefined ? { rewrite } : {};
    const prepared = await prepareFile({ allowList, digests, isKnown, ...own }, file, `model/${file.path}`);
    if (prepared !== undefined) found.set(file.path, prepared);
  }
  return found;
}

function heldFiles(
  files: ReadonlyMap<string, PreparedFile>,
  name: string,
  allowList: AllowList,
): readonly HeldBack[] {
  return [...files].flatMap(([path, { rule }]) =>
    rule === undefined
      ? []
      : [{ kind: 'model' as const, key: describeKey(`${name}/${path}`, allowList), rule }],
  );
}

/** An MLmodel file with the ids that the model has elsewhere. MLflow 2 knows no id of a model. */
export function renameModel(
  text: string,
  {
    modelId,
    runId,
    artifactUri,
  }: { readonly modelId: string | undefined; readonly runId: string; readonly artifactUri: string },
): string {
  const values: Readonly<Record<string, string | undefined>> = {
    artifact_path: artifactUri,
    model_id: modelId,
    model_uuid: modelId ?? runId,
    run_id: runId,
  };
  return text.replace(/^(artifact_path|model_id|model_uuid|run_id): .*\n?/gm, (line, key: string) =>
    values[key] === undefined ? '' : `${key}: ${values[key]}${line.endsWith('\n') ? '\n' : ''}`,
  );
}

import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import type { KeyValue, ModelInput } from '../../../common/mlflow/entities.ts';
import type { TrackingClient } from '../client/tracking-client.ts';
import type { AllowList, HeldBack } from '../redact/allow-list.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import { listLocalFiles, type LocalFile, type LocalRun } from './local-runs.ts';
import type { RemoteRun } from './remote-place.ts';
import { describeKey, digestOf, reviewRun, type ReviewedRun } from './review-run.ts';
import { prepareFile } from './send-file.ts';
import type { SendingParts } from './sending-parts.ts';
import { sendModels } from './send-models.ts';

const ENDED = ['FINISHED', 'FAILED', 'KILLED'];

/**
 * Brings one run at a server up to what it is here, as far as the allow-list lets it. Begins where the last try ended; each
 * step is noted when the server has confirmed it, and may be repeated. The status comes last: a run that has ended there is
 * complete.
 *
 * @param remoteParentId id there of the run that it is nested in
 * @returns true when the run has ended here and is complete there
 */
export async function sendRun(
  parts: SendingParts,
  local: LocalRun,
  remoteParentId: string | undefined,
): Promise<boolean> {
  const { ledger, allowList, place } = parts;
  const { run } = local;
  const { run_id: localId, status, end_time: endTime } = run.info;
  const reviewed = reviewRun(local, remoteParentId, allowList);
  const remote = await place.openRun(local, reviewed);
  const held = [...reviewed.held];

  const used = usedModels(parts, local);
  const told = digestOf({
    ...reviewed,
    held: undefined,
    status,
    endTime,
    ...(used.length === 0 ? {} : { used }),
  });
  const hasNews = ledger.get(localId).told !== told;
  if (hasNews) await tellSettings(parts.client, remote.runId, reviewed, used);
  held.push(...(await sendPoints(parts, localId, remote.runId)));
  held.push(...(await sendFiles(parts, local, remote)));
  held.push(...(await sendModels(parts, local, remote)));
  if (hasNews) {
    await parts.client.updateRun({
      run_id: remote.runId,
      status,
      ...(endTime === undefined ? {} : { end_time: endTime }),
    });
    ledger.change(localId, { told });
  }
  ledger.keepHeldBack(localId, held);
  return ENDED.includes(status);
}

/** The models there that the run used, those that are there. */
function usedModels({ ledger }: SendingParts, { run }: LocalRun): readonly ModelInput[] {
  return run.inputs.model_inputs.flatMap(({ model_id }) => {
    const { remote_model_id: id } = ledger.models.model(model_id);
    return id === null ? [] : [{ model_id: id }];
  });
}

async function tellSettings(
  client: TrackingClient,
  runId: string,
  reviewed: ReviewedRun,
  used: readonly ModelInput[],
): Promise<void> {
  for (const params of chunk(reviewed.params, MLFLOW_LIMITS.batchParams))
    await client.logBatch({ run_id: runId, params });
  for (const tags of chunk(reviewed.tags, MLFLOW_LIMITS.batchTags))
    await client.logBatch({ run_id: runId, tags: [...tags] });
  if (reviewed.inputs.length + used.length > 0) await client.logInputs(runId, reviewed.inputs, used);
}

/** The points that the server does not have, in the order in which they were written. */
async function sendPoints(
  { store, client, ledger, allowList }: SendingParts,
  localId: string,
  runId: string,
): Promise<readonly HeldBack[]> {
  const held = new Map<string, HeldBack>();
  const account = ledger.get(localId);
  // places are given anew when the database is rewritten: then all is sent again, and nothing is there twice
  const isKnown = store.metrics.countUpTo(localId, account.place) === account.points;
  let { place, points } = isKnown ? account : { place: 0, points: 0 };
  for (;;) {
    const written = store.metrics.listAfter(localId, place, MLFLOW_LIMITS.batchMetrics);
    const last = written.at(-1);
    if (last === undefined) break;
    const metrics = written.flatMap(({ metric }) => {
      const verdict = allowList.judgeName(metric.key);
      if (verdict.ok) return [metric];
      held.set(metric.key, { kind: 'metric', key: describeKey(metric.key, allowList), rule: verdict.rule });
      return [];
    });
    if (metrics.length > 0) await client.logBatch({ run_id: runId, metrics });
    place = last.place;
    points += written.length;
    ledger.change(localId, { place, points });
  }
  return [...held.values(), ...heldMetrics(store, localId, allowList, held)];
}

/** Metrics whose points were all passed over before. */
function heldMetrics(
  store: TrackingStore,
  localId: string,
  allowList: AllowList,
  known: ReadonlyMap<string, HeldBack>,
): readonly HeldBack[] {
  return store.metrics.listKeys(localId).flatMap((key) => {
    const verdict = allowList.judgeName(key);
    return verdict.ok || known.has(key)
      ? []
      : [{ kind: 'metric' as const, key: describeKey(key, allowList), rule: verdict.rule }];
  });
}

async function sendFiles(
  parts: SendingParts,
  local: LocalRun,
  remote: RemoteRun,
): Promise<readonly HeldBack[]> {
  const held: HeldBack[] = [];
  const localId = local.run.info.run_id;
  for (const file of await listLocalFiles(parts.store, local.run)) {
    const rule = await sendFile(parts, localId, remote, file);
    if (rule !== undefined)
      held.push({ kind: 'artifact', key: describeKey(file.path, parts.allowList), rule });
  }
  return held;
}

/** Sends a file that the server has not; gives the rule by which it, or a part of it, stays. */
async function sendFile(
  { client, ledger, allowList, digests }: SendingParts,
  localId: string,
  remote: RemoteRun,
  file: LocalFile,
): Promise<string | undefined> {
  const isKnown = (sha256: string): boolean => ledger.artifactDigest(localId, file.path) === sha256;
  const prepared = await prepareFile({ allowList, digests, isKnown }, file, file.path);
  if (prepared !== undefined && 'upload' in prepared && !isKnown(prepared.sha256)) {
    await client.uploadArtifact(remote.artifactUri, file.path, prepared.upload);
    ledger.keepArtifact(localId, file.path, prepared.sha256);
  }
  return prepared?.rule;
}

function chunk(items: readonly KeyValue[], size: number): readonly KeyValue[][] {
  const parts: KeyValue[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}

import type { KeyValue, ModelVersion, RegisteredModel } from '../../../common/mlflow/entities.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import type { CreateModelVersion } from '../../../common/mlflow/requests.ts';
import { TrackingFailure } from '../client/tracking-failure.ts';
import type { AllowList, HeldBack, Verdict } from '../redact/allow-list.ts';
import { collectPages } from './local-runs.ts';
import { makeOnce } from './make-once.ts';
import { describeKey, digestOf } from './review-run.ts';
import type { SendingParts } from './sending-parts.ts';

/**
 * Brings the registered models to a server: their names, their versions, each once, of those models that are there, and the
 * aliases. What somebody set on the server stays: a model of the same name gets our versions behind its own, and an alias that
 * names a version of another stays where it is.
 *
 * @returns what stays here and why, and whether a version may still be there twice
 */
export async function sendRegisteredModels(
  parts: SendingParts,
): Promise<{ readonly held: readonly HeldBack[]; readonly isDoubtful: boolean }> {
  const { store, allowList, ledger } = parts;
  const held: HeldBack[] = [];
  const models = collectPages<RegisteredModel>((page) => store.registeredModels.search(page));
  for (const model of models) {
    const named = allowList.judgeName(model.name);
    if (named.ok) held.push(...(await attempt(parts, model)));
    else held.push({ kind: 'model', key: describeKey(model.name, allowList), rule: named.rule });
  }
  return { held, isDoubtful: ledger.models.hasDoubtfulVersions() };
}

/** A server that is well and refuses one gets the others. */
async function attempt(parts: SendingParts, model: RegisteredModel): Promise<readonly HeldBack[]> {
  try {
    return await sendRegisteredModel(parts, model);
  } catch (error) {
    if (!(error instanceof TrackingFailure) || error.kind !== 'answer' || error.isPassing) throw error;
    return [{ kind: 'model', key: model.name, rule: error.message }];
  }
}

/** A version as it is to be there. */
interface PlannedVersion {
  readonly uid: string;
  /** Its number here. */
  readonly version: string;
  readonly request: CreateModelVersion;
}

async function sendRegisteredModel(
  parts: SendingParts,
  model: RegisteredModel,
): Promise<readonly HeldBack[]> {
  const { store, ledger, allowList } = parts;
  const { name } = model;
  const held: HeldBack[] = [];
  const keep = (what: string, verdict: Verdict): boolean => {
    if (!verdict.ok)
      held.push({ kind: 'model', key: `${name}: ${describeKey(what, allowList)}`, rule: verdict.rule });
    return verdict.ok;
  };
  const tags = keepTags(model.tags, allowList, keep);
  const hasText =
    model.description === undefined || keep('description', allowList.judgeContent(model.description));
  const description = hasText ? model.description : undefined;
  const planned = store.modelVersions
    .list(name)
    .flatMap((version) => planVersion(parts, version, keep) ?? []);
  const aliases = model.aliases.filter(({ alias }) => keep(`alias ${alias}`, allowList.judgeName(alias)));
  const told = digestOf({ tags, description, planned, aliases });
  if (planned.length === 0 || ledger.models.toldOf(name) === told) return held;
  const isNew = await openRegisteredModel(parts, {
    name,
    tags,
    ...(description === undefined ? {} : { description }),
  });
  // a server that was set up anew has none of the versions that it had
  if (isNew) for (const { uid } of planned) ledger.models.changeVersion(uid, { remote_version: null });
  const numbers = new Map<string, string>();
  for (const version of planned) numbers.set(version.version, await openVersion(parts, version));
  const kept = await setAliases(parts, name, aliases, numbers);
  for (const alias of kept)
    held.push({ kind: 'model', key: `${name}: alias ${alias}`, rule: ALIAS_OF_OTHERS });
  const isDoubtful = planned.some(({ uid }) => ledger.models.version(uid).doubtful_since !== null);
  if (!isDoubtful && kept.length === 0) ledger.models.keepTold(name, told);
  return held;
}

const ALIAS_OF_OTHERS = 'it names a version of another on the server, and stays so';

/** Undefined for a version whose files are not there. */
function planVersion(
  parts: SendingParts,
  version: ModelVersion,
  keep: (what: string, verdict: Verdict) => boolean,
): PlannedVersion | undefined {
  const { name, run_id: runId = '', source = '', description = '', creation_timestamp: createdAt } = version;
  const what = `version ${version.version}`;
  const place = findSource(parts, version);
  if (place === undefined) {
    keep(what, { ok: false, rule: 'its files are not there' });
    return undefined;
  }
  const uid = digestOf([name, createdAt, runId, source]).slice(0, 32);
  const tags = keepTags(version.tags, parts.allowList, (key, verdict) => keep(`${what}, ${key}`, verdict));
  const isSent =
    description === '' || keep(`${what}, description`, parts.allowList.judgeContent(description));
  return {
    uid,
    version: version.version,
    request: {
      name,
      ...place,
      description: isSent ? description : '',
      tags: [...tags, { key: OUTERLOOP_TAGS.versionUid, value: uid }],
    },
  };
}

/** What a version is made of, in the server's words. */
function findSource(
  { store, ledger }: SendingParts,
  { source = '', run_id: runId = '' }: ModelVersion,
): Pick<CreateModelVersion, 'source' | 'run_id' | 'model_id'> | undefined {
  const run = ledger.get(runId);
  const ofRun = run.remote_run_id === null ? {} : { run_id: run.remote_run_id };
  const modelId = /^models:\/+(m-[0-9a-f]{32})$/.exec(source)?.[1];
  if (modelId !== undefined) {
    const { remote_model_id: id, artifact_uri: uri, told } = ledger.models.model(modelId);
    if (told === null || uri === null) return undefined;
    return id === null ? { source: uri, ...ofRun } : { source: `models:/${id}`, model_id: id, ...ofRun };
  }
  const local = store.runs.find(runId)?.info.artifact_uri;
  const path = pathInRun(source, runId, local);
  if (path === undefined || run.remote_run_id === null || run.artifact_uri === null) return undefined;
  // a version of files that stayed here would be an empty one
  if (ledger.artifactDigest(runId, `${path}/MLmodel`) === undefined) return undefined;
  return { source: `${run.artifact_uri}/${path}`, ...ofRun };
}

/** The folder among a run's files that a source names. */
function pathInRun(source: string, runId: string, artifactUri: string | undefined): string | undefined {
  for (const root of [`runs:/${runId}`, artifactUri])
    if (root !== undefined && source.startsWith(`${root}/`)) return source.slice(root.length + 1);
  return undefined;
}

function keepTags(
  tags: readonly KeyValue[],
  allowList: AllowList,
  keep: (what: string, verdict: Verdict) => boolean,
): readonly KeyValue[] {
  return tags.filter(
    (tag) => tag.key !== OUTERLOOP_TAGS.versionUid && keep(`tag ${tag.key}`, allowList.judgeTag(tag)),
  );
}

/** One of the name that is there keeps its own description and tags. @returns whether there was none */
async function openRegisteredModel(
  { client }: SendingParts,
  model: { readonly name: string; readonly tags: readonly KeyValue[]; readonly description?: string },
): Promise<boolean> {
  if ((await client.models.getRegisteredModel(model.name)) !== undefined) return false;
  try {
    await client.models.createRegisteredModel(model);
  } catch (error) {
    // an earlier try whose answer was lost, or another sender
    if (!(error instanceof TrackingFailure) || error.errorCode !== 'RESOURCE_ALREADY_EXISTS') throw error;
  }
  return true;
}

/** @returns the number that the version has there */
async function openVersion(
  { client, ledger, place }: SendingParts,
  planned: PlannedVersion,
): Promise<string> {
  const { uid, request } = planned;
  const { models } = ledger;
  const account = models.version(uid);
  if (account.remote_version !== null && account.doubtful_since === null) return account.remote_version;
  const isOurs = ({ tags }: ModelVersion): boolean =>
    tags.some(({ key, value }) => key === OUTERLOOP_TAGS.versionUid && value === uid);
  const made = await makeOnce<ModelVersion>({
    now: place.now,
    account: () => {
      const { remote_version, doubtful_since, lost_answers } = models.version(uid);
      return { remoteId: remote_version, doubtfulSince: doubtful_since, lostAnswers: lost_answers };
    },
    change: ({ remoteId, doubtfulSince, lostAnswers }) =>
      models.changeVersion(uid, {
        ...(remoteId === undefined ? {} : { remote_version: remoteId }),
        ...(doubtfulSince === undefined ? {} : { doubtful_since: doubtfulSince }),
        ...(lostAnswers === undefined ? {} : { lost_answers: lostAnswers }),
      }),
    find: async () => {
      const all = await client.models.listModelVersions(request.name);
      return all.filter(isOurs).toSorted((a, b) => Number(a.version) - Number(b.version));
    },
    create: () => client.models.createModelVersion(request),
    remove: ({ version }) => client.models.deleteModelVersion(request.name, version),
    idOf: ({ version }) => version,
    keep: ({ version }) => models.changeVersion(uid, { remote_version: version }),
  });
  return made.version;
}

/** @returns the aliases that name a version of another there */
async function setAliases(
  { client }: SendingParts,
  name: string,
  aliases: RegisteredModel['aliases'],
  numbers: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  if (aliases.length === 0) return [];
  const there = await client.models.getRegisteredModel(name);
  const current = new Map(there?.aliases.map(({ alias, version }) => [alias, version]));
  const ours = new Set(numbers.values());
  const kept: string[] = [];
  for (const { alias, version } of aliases) {
    const wanted = numbers.get(version);
    const now = current.get(alias);
    if (wanted === undefined || now === wanted) continue;
    if (now !== undefined && !ours.has(now)) kept.push(alias);
    else await client.models.setAlias(name, alias, wanted);
  }
  return kept;
}

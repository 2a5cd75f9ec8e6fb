import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import type { LoggedModel, ModelVersion, RegisteredModel } from '../../../../common/mlflow/entities.ts';
import { TrackingClient } from '../../../../main/mlflow/client/tracking-client.ts';
import { listFilesAt, listLocalFiles, listLocalRuns } from '../../../../main/mlflow/outbox/local-runs.ts';
import { AllowList, DEFAULT_POLICY } from '../../../../main/mlflow/redact/allow-list.ts';
import { openTrackingStore } from '../../../../main/mlflow/store/tracking-store.ts';

/** A run with everything of it that can be compared, its ids apart. */
export interface ComparedRun {
  readonly experiment: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly status: string;
  readonly startTime: number;
  readonly endTime: number | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Points by key, in the order of time, step and value. */
  readonly histories: Readonly<Record<string, readonly (readonly [number, number, string])[]>>;
  readonly datasets: readonly string[];
  /** SHA-256 by path, those of its logged models in folders of their names. */
  readonly artifacts: Readonly<Record<string, string>>;
  /** Its logged models; undefined for a server that has none. */
  readonly models: readonly ComparedModel[] | undefined;
}

export interface ComparedModel {
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly step: number;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly (readonly [string, number, number])[];
}

/** Tags that stay on the machine, or mean something else elsewhere. */
const OTHER = [
  'mlflow.user',
  'mlflow.parentRunId',
  'mlflow.modelVersions',
  'outerloop.run_uid',
  'outerloop.model_uid',
  'outerloop.journal_seq',
];
/** The ids in an MLmodel file are others elsewhere. */
const withoutIds = (bytes: Buffer, path: string): Buffer =>
  path.endsWith('MLmodel')
    ? Buffer.from(bytes.toString().replace(/^(?:artifact_path|model_id|model_uuid|run_id): .*\n/gm, ''))
    : bytes;
const sha256 = (bytes: Buffer, path: string): string =>
  createHash('sha256').update(withoutIds(bytes, path)).digest('hex');
const asRecord = (items: readonly { key: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(
    items.map(({ key, value }): [string, string] => [key, value]).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/** What the store holds and the default policy lets go, by run id. */
export async function readLocal(folder: string, withModels = true): Promise<Map<string, ComparedRun>> {
  const allowList = new AllowList(DEFAULT_POLICY, { names: [] });
  const store = openTrackingStore(folder, { readOnly: true });
  const found = new Map<string, ComparedRun>();
  for (const { run, experiment, parentRunId } of listLocalRuns(store)) {
    const { info, data, inputs, outputs } = run;
    const own = await listLocalFiles(store, run);
    const files = own.map((file) => ({ ...file, as: file.path }));
    const models: ComparedModel[] = [];
    for (const { model_id, step } of outputs.model_outputs) {
      const model = store.loggedModels.get(model_id);
      models.push(describeModel(model, step, allowList));
      for (const file of await listFilesAt(store, model.info.artifact_uri))
        files.push({ ...file, path: `${model.info.name}/${file.path}`, as: `model/${file.path}` });
    }
    const sent = files.filter(
      ({ as, file }) => allowList.judgeArtifact(as).ok && !readFileSync(file, 'latin1').includes('/home/'),
    );
    found.set(info.run_id, {
      experiment: experiment.name,
      name: info.run_name,
      parent: parentRunId,
      status: info.status,
      startTime: info.start_time,
      endTime: info.end_time,
      params: asRecord(data.params.filter((param) => allowList.judgeParam(param).ok)),
      tags: asRecord(data.tags.filter((tag) => !OTHER.includes(tag.key) && allowList.judgeTag(tag).ok)),
      histories: Object.fromEntries(
        store.metrics
          .listKeys(info.run_id)
          .filter((key) => allowList.judgeName(key).ok)
          .map((key) => [
            key,
            toPoints(store.metrics.getHistory({ run_id: info.run_id, metric_key: key }).items),
          ]),
      ),
      datasets: inputs.dataset_inputs.map(({ dataset }) => `${dataset.name} ${dataset.digest}`).toSorted(),
      artifacts: Object.fromEntries(
        sent.map(({ path, file }) => [path, sha256(readFileSync(file), path)]).toSorted(),
      ),
      models: withModels ? models.toSorted(byName) : undefined,
    });
  }
  store.close();
  return found;
}

/** What a server holds: all active runs, by the uid that they carry. Throws for two runs with one uid. */
export async function readRemote(url: string): Promise<Map<string, ComparedRun>> {
  const client = new TrackingClient({ url, credentials: { kind: 'none' } });
  const experiments = new Map(
    (await client.searchExperiments()).map(({ experiment_id: id, name }) => [id, name]),
  );
  const runs = await client.searchRuns([...experiments.keys()], '');
  const uids = new Map(
    runs.map(({ info, data }) => [info.run_id, asRecord(data.tags)['outerloop.run_uid'] ?? info.run_id]),
  );
  const found = new Map<string, ComparedRun>();
  const hasModels = Number.parseInt(await client.version(), 10) >= 3;
  for (const { info, data, inputs, outputs } of runs) {
    const uid = uids.get(info.run_id)!;
    if (found.has(uid)) throw new Error(`${info.run_name} is there twice`);
    const tags = asRecord(data.tags);
    const histories: Record<string, ReturnType<typeof toPoints>> = {};
    for (const { key } of data.metrics)
      histories[key] = toPoints(await client.metricHistory(info.run_id, key));
    const artifacts: Record<string, string> = {};
    for (const path of await listAll(client, info.run_id))
      artifacts[path] = sha256(await buffer(await client.downloadArtifact(info.artifact_uri, path)), path);
    const models: ComparedModel[] = [];
    for (const { model_id, step } of outputs.model_outputs) {
      const model = await client.models.getLoggedModel(model_id);
      if (model === undefined) continue;
      models.push(describeModel(model, step));
      for (const name of MODEL_FILES) {
        const path = `${model.info.name}/${name}`;
        const content = await client
          .downloadArtifact(model.info.artifact_uri, name)
          .then(buffer, () => undefined);
        if (content !== undefined) artifacts[path] = sha256(content, path);
        if (name === 'MLmodel')
          for (const id of [model_id, info.run_id, model.info.artifact_uri])
            if (content?.includes(id) !== true) throw new Error(`${path} does not name ${id}`);
      }
    }
    const parent = tags['mlflow.parentRunId'];
    found.set(uid, {
      experiment: experiments.get(info.experiment_id)!,
      name: info.run_name,
      parent: parent === undefined ? undefined : uids.get(parent),
      status: info.status,
      startTime: info.start_time,
      endTime: info.end_time,
      params: asRecord(data.params),
      tags: Object.fromEntries(Object.entries(tags).filter(([key]) => !OTHER.includes(key))),
      histories: Object.fromEntries(Object.entries(histories).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      datasets: inputs.dataset_inputs.map(({ dataset }) => `${dataset.name} ${dataset.digest}`).toSorted(),
      artifacts: Object.fromEntries(Object.entries(artifacts).toSorted()),
      models: hasModels ? models.toSorted(byName) : undefined,
    });
  }
  const all = hasModels ? await countModels(client, [...experiments.keys()]) : 0;
  const tied = [...found.values()].reduce((sum, { models = [] }) => sum + models.length, 0);
  if (all !== tied) throw new Error(`there are ${all} logged models, ${tied} of them outputs of runs`);
  client.close();
  return found;
}

/** A registered model, with what its versions are made of. */
export interface ComparedRegistry {
  readonly description: string;
  readonly aliases: Readonly<Record<string, string>>;
  /** Descriptions, and the uid of what each version is made of, in the order of their making. */
  readonly versions: readonly (readonly [string, string])[];
}

/** The registered models of the store. */
export function readLocalRegistry(folder: string): Record<string, ComparedRegistry> {
  const store = openTrackingStore(folder, { readOnly: true });
  const found = store.registeredModels.search().items.map((model) => {
    const versions = store.modelVersions.list(model.name);
    return [
      model.name,
      describeRegistry(model, versions, ({ source = '' }) => source.replace(/^models:\/+/, '')),
    ] as const;
  });
  store.close();
  return Object.fromEntries(found);
}

/** The registered model of a server. Throws for a version that is there twice. */
export async function readRemoteRegistry(url: string, name: string): Promise<ComparedRegistry | undefined> {
  const client = new TrackingClient({ url, credentials: { kind: 'none' } });
  try {
    const model = await client.models.getRegisteredModel(name);
    if (model === undefined) return undefined;
    const versions = (await client.models.listModelVersions(name)).toSorted(
      (a, b) => Number(a.version) - Number(b.version),
    );
    const uids = versions.map(({ tags }) => asRecord(tags)['outerloop.version_uid']);
    if (new Set(uids).size !== uids.length) throw new Error(`a version of ${name} is there twice`);
    const made = new Map<string, string>();
    for (const { source = '' } of versions) {
      const id = source.replace(/^models:\/+/, '');
      const logged = id.startsWith('m-') ? await client.models.getLoggedModel(id) : undefined;
      made.set(source, logged === undefined ? source : asRecord(logged.info.tags)['outerloop.model_uid']!);
    }
    return describeRegistry(model, versions, ({ source = '' }) => made.get(source)!);
  } finally {
    client.close();
  }
}

function describeRegistry(
  { description = '', aliases }: RegisteredModel,
  versions: readonly ModelVersion[],
  madeOf: (version: ModelVersion) => string,
): ComparedRegistry {
  const places = new Map(versions.map(({ version }, index) => [version, String(index + 1)]));
  return {
    description,
    aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, places.get(version) ?? version])),
    versions: versions.map((version) => [version.description ?? '', madeOf(version)] as const),
  };
}

const MODEL_FILES = ['MLmodel', 'conda.yaml', 'model.onnx', 'python_env.yaml', 'requirements.txt'];

const byName = (a: ComparedModel, b: ComparedModel): number => (a.name < b.name ? -1 : 1);

async function countModels(client: TrackingClient, experiments: readonly string[]): Promise<number> {
  let count = 0;
  for (const id of experiments) count += (await client.models.searchLoggedModels(id, '')).length;
  return count;
}

/** @param allowList for a local one: what may go */
function describeModel({ info, data }: LoggedModel, step: number, allowList?: AllowList): ComparedModel {
  return {
    name: info.name,
    type: info.model_type ?? '',
    status: info.status,
    step,
    params: asRecord(data.params.filter((param) => allowList?.judgeParam(param).ok ?? true)),
    tags: asRecord(
      info.tags.filter((tag) => !OTHER.includes(tag.key) && (allowList?.judgeTag(tag).ok ?? true)),
    ),
    metrics: data.metrics.map(({ key, value, step: at }) => [key, value, at] as const).toSorted(),
  };
}

async function listAll(client: TrackingClient, runId: string, path?: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of await client.listArtifacts(runId, path))
    if (file.is_dir) found.push(...(await listAll(client, runId, file.path)));
    else found.push(file.path);
  return found.toSorted();
}

function toPoints(
  history: readonly { timestamp: number; step: number; value: number }[],
): readonly (readonly [number, number, string])[] {
  return history
    .map(({ timestamp, step, value }) => [timestamp, step, String(value)] as const)
    .toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1));
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { TrackingClient } from '../../../../main/mlflow/client/tracking-client.ts';
import { listLocalFiles, listLocalRuns } from '../../../../main/mlflow/outbox/local-runs.ts';
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
  /** SHA-256 by path. */
  readonly artifacts: Readonly<Record<string, string>>;
}

/** Tags that stay on the machine, or mean something else elsewhere. */
const OTHER = ['mlflow.user', 'mlflow.parentRunId', 'outerloop.run_uid', 'outerloop.journal_seq'];
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const asRecord = (items: readonly { key: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(
    items.map(({ key, value }): [string, string] => [key, value]).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/** What the store holds and the default policy lets go, by run id. */
export async function readLocal(folder: string): Promise<Map<string, ComparedRun>> {
  const allowList = new AllowList(DEFAULT_POLICY, { names: [] });
  const store = openTrackingStore(folder, { readOnly: true });
  const found = new Map<string, ComparedRun>();
  for (const { run, experiment, parentRunId } of listLocalRuns(store)) {
    const { info, data, inputs } = run;
    const files = await listLocalFiles(store, run);
    const sent = files.filter(
      ({ path, file }) =>
        allowList.judgeArtifact(path).ok && !readFileSync(file, 'latin1').includes('/home/'),
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
      artifacts: Object.fromEntries(sent.map(({ path, file }) => [path, sha256(readFileSync(file))])),
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
  for (const { info, data, inputs } of runs) {
    const uid = uids.get(info.run_id)!;
    if (found.has(uid)) throw new Error(`${info.run_name} is there twice`);
    const tags = asRecord(data.tags);
    const histories: Record<string, ReturnType<typeof toPoints>> = {};
    for (const { key } of data.metrics)
      histories[key] = toPoints(await client.metricHistory(info.run_id, key));
    const artifacts: Record<string, string> = {};
    for (const path of await listAll(client, info.run_id))
      artifacts[path] = sha256(await buffer(await client.downloadArtifact(info.artifact_uri, path)));
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
      artifacts,
    });
  }
  client.close();
  return found;
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

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SendingPolicy } from '../../../../common/api/remotes.ts';
import { artifactPathOf } from '../../../../main/mlflow/artifacts/artifact-path.ts';
import { TrackingClient } from '../../../../main/mlflow/client/tracking-client.ts';
import { Outbox } from '../../../../main/mlflow/outbox/outbox.ts';
import { OUTBOX_FILE } from '../../../../main/mlflow/outbox/outbox-schema.ts';
import { renameModel } from '../../../../main/mlflow/outbox/model-files.ts';
import { DEFAULT_POLICY } from '../../../../main/mlflow/redact/allow-list.ts';
import { startTrackingServer } from '../../../../main/mlflow/server/tracking-server.ts';
import { openTrackingStore, type TrackingStore } from '../../../../main/mlflow/store/tracking-store.ts';
import { startChaosProxy, type ChaosProxy } from './chaos-proxy.ts';
import { readLocal, readLocalRegistry, readRemote, readRemoteRegistry } from './compare-with-remote.ts';
import { fillModel, fillRun } from './fill-store.ts';

let root: string;
let folder: string;
let store: TrackingStore;
let remote: TrackingStore;
let proxy: ChaosProxy;
let outbox: Outbox;
let closers: (() => unknown)[];
let runId: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-models-'));
  folder = join(root, 'mlflow');
  store = openTrackingStore(folder);
  remote = openTrackingStore(join(root, 'remote'));
  const server = await startTrackingServer({ store: remote, token: undefined });
  proxy = await startChaosProxy(server.url);
  const call = { retry: { attempts: 2, baseMs: 1, capMs: 5 }, timeoutMs: 2000 };
  outbox = new Outbox({ folder, secrets: { get: async () => undefined }, environment: {}, call });
  closers = [
    () => outbox.close(),
    () => store.close(),
    () => proxy.close(),
    () => server.close(),
    () => remote.close(),
  ];
  runId = fillRun(store, '0', { name: 'first', status: 'FINISHED' });
});
afterEach(async () => {
  for (const close of closers) await close();
  rmSync(root, { recursive: true, force: true });
});

function addSite(policy: Partial<SendingPolicy> = {}): void {
  outbox.remotes.add({
    name: 'site',
    url: proxy.url,
    credentials: 'none',
    policy: { ...DEFAULT_POLICY, ...policy },
  });
}
const sync = () => outbox.sync('site');
const compare = async (): Promise<void> =>
  expect(Object.fromEntries(await readRemote(proxy.target))).toEqual(
    Object.fromEntries(await readLocal(folder)),
  );
const held = (of = runId): string[] =>
  outbox.heldBack('site', of).flatMap(({ kind, key, rule }) => (kind === 'model' ? [`${key}: ${rule}`] : []));

describe('logged models', () => {
  it('are there with their files, ids of their own in them, ready last', async () => {
    const modelId = fillModel(store, runId);
    addSite();
    const paths: string[] = [];
    proxy.trouble = (path) => {
      if (/logged-models|runs\/outputs|models\/m-/.test(path))
        paths.push(path.replace(/m-[0-9a-f]{32}/g, '<id>'));
      return { kind: 'none' };
    };
    await sync();
    await compare();
    expect(paths).toEqual([
      '/api/2.0/mlflow/logged-models/search',
      '/api/2.0/mlflow/logged-models',
      '/api/2.0/mlflow-artifacts/artifacts/0/models/<id>/artifacts/MLmodel',
      '/api/2.0/mlflow-artifacts/artifacts/0/models/<id>/artifacts/model.onnx',
      '/api/2.0/mlflow/runs/outputs',
      '/api/2.0/mlflow/logged-models/<id>',
    ]);
    const [model] = remote.loggedModels.search({ experiment_ids: ['0'] }).items;
    expect(model!.info.model_id).not.toBe(modelId);
    expect(model!.info.tags).toContainEqual({ key: 'outerloop.model_uid', value: modelId });
    expect(held()).toEqual(['param data: an absolute path', 'tag ward: a tag that is not on the list']);
  });

  it('get what is new of them, and nothing else is asked', async () => {
    const modelId = fillModel(store, runId);
    addSite();
    await sync();
    const paths: string[] = [];
    proxy.trouble = (path) => {
      paths.push(path);
      return { kind: 'none' };
    };
    await sync();
    expect(paths).toEqual([]);
    store.loggedModels.setTags(modelId, [{ key: 'outerloop.reason', value: 'seen' }]);
    store.loggedModels.logParams(modelId, [{ key: 'width', value: '8' }]);
    store.runs.logBatch({
      run_id: runId,
      metrics: [{ key: 'val/dice', value: 0.9, step: 30, timestamp: 1_700_000_000_030, model_id: modelId }],
    });
    await sync();
    await compare();
    expect(paths.some((path) => path.includes('mlflow-artifacts'))).toBe(false);
    // a point alone is news as well
    const later = { key: 'val/dice', value: 0.95, step: 40, timestamp: 1_700_000_000_040, model_id: modelId };
    store.runs.logBatch({ run_id: runId, metrics: [later] });
    await sync();
    await compare();
  });

  it('stay here where models are not sent, and where one names a place of this machine', async () => {
    const modelId = fillModel(store, runId);
    addSite({ artifacts: ['config'] });
    await sync();
    expect(held()).toEqual(['net/MLmodel: a model: not sent to this server']);
    const place = artifactPathOf(store.loggedModels.get(modelId).info.artifact_uri)!;
    writeFileSync(store.artifacts.resolve(`${place}/model.onnx`), 'exported by /home/mueller/net.py');
    outbox.remotes.setPolicy('site', DEFAULT_POLICY);
    await sync();
    expect(held()).toEqual(['net/model.onnx: a model that names places of this machine']);
    expect(remote.loggedModels.search({ experiment_ids: ['0'] }).items).toEqual([]);
    writeFileSync(store.artifacts.resolve(`${place}/model.onnx`), 'clean weights');
    await sync();
    await compare();
  });

  it('that were deleted there are not made again', async () => {
    const modelId = fillModel(store, runId);
    addSite();
    await sync();
    const [model] = remote.loggedModels.search({ experiment_ids: ['0'] }).items;
    remote.loggedModels.delete(model!.info.model_id);
    store.loggedModels.setTags(modelId, [{ key: 'outerloop.reason', value: 'seen' }]);
    await expect(sync()).resolves.toEqual({ isUnfinished: false });
    expect(held()).toContain('net: it was deleted on the server');
    expect(remote.loggedModels.search({ experiment_ids: ['0'] }).items).toEqual([]);
    expect(outbox.counts('site')).toMatchObject({ synced: 1, failed: 0 });
  });

  it('whose making was carried out without an answer are there once', async () => {
    fillModel(store, runId);
    addSite();
    for (const end of ['/logged-models', '/artifacts/MLmodel', '/runs/outputs']) {
      proxy.trouble = (path) => (path.endsWith(end) ? { kind: 'lost' } : { kind: 'none' });
      expect((await sync())?.failure?.kind).toBe('unreachable');
    }
    proxy.trouble = () => ({ kind: 'none' });
    await expect(sync()).resolves.toEqual({ isUnfinished: false });
    await compare();
  });

  it('are anew on a server that was set up anew, and files of the run where a server has none', async () => {
    fillModel(store, runId);
    addSite({ registeredModels: true });
    await sync();
    const empty = openTrackingStore(join(root, 'empty'));
    const server = await startTrackingServer({ store: empty, token: undefined });
    closers.unshift(
      () => server.close(),
      () => empty.close(),
    );
    proxy.target = server.url;
    store.runs.setTag(runId, { key: 'outerloop.reason', value: 'seen' });
    await sync();
    await compare();
    expect(await readRemoteRegistry(proxy.target, 'best net')).toEqual(readLocalRegistry(folder)['best net']);
    expect(held('')).toEqual([]);
  });

  it('have an MLmodel file that names their ids there, and none where MLflow 2 reads it', () => {
    const text =
      'artifact_path: here\nflavors:\n  run_id: kept\nmodel_id: m-1\nmodel_uuid: m-1\nrun_id: r1\n';
    const place = { runId: 'r2', artifactUri: 'there' };
    expect(renameModel(text, { ...place, modelId: 'm-2' })).toBe(
      'artifact_path: there\nflavors:\n  run_id: kept\nmodel_id: m-2\nmodel_uuid: m-2\nrun_id: r2\n',
    );
    expect(renameModel(text, { ...place, modelId: undefined })).toBe(
      'artifact_path: there\nflavors:\n  run_id: kept\nmodel_uuid: r2\nrun_id: r2\n',
    );
  });
});

describe('registered models', () => {
  it('stay here unless they are allowed, and it is said how many', async () => {
    fillModel(store, runId);
    addSite();
    await sync();
    expect(remote.registeredModels.count()).toBe(0);
    expect(outbox.others('site')).toEqual({
      modelVersions: 0,
      leftOut: ['1 registered model (not allowed for this server)'],
    });
    outbox.remotes.setPolicy('site', { ...DEFAULT_POLICY, registeredModels: true });
    await sync();
    expect(await readRemoteRegistry(proxy.target, 'best net')).toEqual(readLocalRegistry(folder)['best net']);
    expect(outbox.others('site')).toEqual({ modelVersions: 1, leftOut: [] });
  });

  it('get new versions and moved aliases, and ask nothing when there is nothing new', async () => {
    fillModel(store, runId);
    addSite({ registeredModels: true });
    await sync();
    const before = proxy.counts.none;
    await sync();
    expect(proxy.counts.none).toBe(before);
    fillModel(store, runId, 'second');
    await sync();
    expect(await readRemoteRegistry(proxy.target, 'best net')).toEqual(readLocalRegistry(folder)['best net']);
    expect(remote.registeredModels.get('best net').aliases).toEqual([{ alias: 'champion', version: '2' }]);
  });

  it('are put behind what somebody has there under their name, which stays as it is', async () => {
    remote.registeredModels.create({ name: 'best net', description: 'theirs' });
    remote.modelVersions.create({ name: 'best net', source: 'x' });
    remote.modelVersions.setAlias('best net', 'champion', '1');
    fillModel(store, runId);
    addSite({ registeredModels: true });
    for (let again = 0; again < 2; again++) await sync();
    expect(remote.registeredModels.get('best net')).toMatchObject({
      description: 'theirs',
      aliases: [{ alias: 'champion', version: '1' }],
    });
    expect(remote.modelVersions.list('best net').map(({ description }) => description)).toEqual([
      '',
      'for the ward',
    ]);
    expect(held('')).toEqual([
      'best net: alias champion: it names a version of another on the server, and stays so',
    ]);
  });

  it('that tell who or where are held back, and versions of what is not there', async () => {
    const modelId = fillModel(store, runId);
    store.registeredModels.create({ name: 'Jane Doe' });
    store.registeredModels.update('best net', 'for /mnt/nas/patients');
    store.modelVersions.create({ name: 'best net', source: 's3://bucket/x', run_id: runId });
    store.modelVersions.create({
      name: 'best net',
      source: `runs:/${runId}/model`,
      run_id: runId,
      description: 'of DOE^JANE',
    });
    store.modelVersions.setTag('best net', '1', { key: 'ward', value: 'third' });
    addSite({ registeredModels: true });
    await sync();
    expect(held('')).toEqual([
      expect.stringMatching(/^\(a key, [0-9a-f]{8}\): a person's name$/),
      'best net: description: an absolute path',
      'best net: version 1, tag ward: a tag that is not on the list',
      'best net: version 2: its files are not there',
      "best net: version 3, description: a person's name",
    ]);
    expect(
      remote.registeredModels.search().items.map(({ name, description }) => [name, description]),
    ).toEqual([['best net', undefined]]);
    const [model] = remote.loggedModels.search({ experiment_ids: ['0'] }).items;
    const [run] = remote.runs.search({ experiment_ids: ['0'] }).items;
    expect(
      remote.modelVersions.list('best net').map(({ source, description }) => [source, description]),
    ).toEqual([
      [`models:/${model!.info.model_id}`, 'for the ward'],
      [`${run!.info.artifact_uri}/model`, ''],
    ]);
    expect(modelId).not.toBe(model!.info.model_id);
  });

  it.each(['registered-models/create', 'model-versions/create', 'registered-models/alias'])(
    'are there once when the answer to %s was lost',
    async (end) => {
      fillModel(store, runId);
      addSite({ registeredModels: true });
      proxy.trouble = (path) => (path.endsWith(end) ? { kind: 'lost' } : { kind: 'none' });
      expect((await sync())?.failure?.kind).toBe('unreachable');
      proxy.trouble = () => ({ kind: 'none' });
      await expect(sync()).resolves.toEqual({ isUnfinished: false });
      expect(await readRemoteRegistry(proxy.target, 'best net')).toEqual(
        readLocalRegistry(folder)['best net'],
      );
    },
  );
});

describe('a server that refuses', () => {
  it('a registered model gets the others, and it is said which', async () => {
    fillModel(store, runId);
    addSite({ registeredModels: true });
    proxy.trouble = (path) =>
      path.endsWith('model-versions/create') ? { kind: 'status', status: 400 } : { kind: 'none' };
    await expect(sync()).resolves.toEqual({ isUnfinished: false });
    expect(held('')).toEqual(['best net: the server answered 400 TROUBLE: made by the test']);
    expect(outbox.counts('site')).toMatchObject({ synced: 1, failed: 0 });
    proxy.trouble = () => ({ kind: 'none' });
    await sync();
    expect(held('')).toEqual([]);
    expect(remote.modelVersions.list('best net')).toHaveLength(1);
  });
});

describe('the outbox of an earlier version', () => {
  it('goes on where it was, and sends the models', async () => {
    addSite();
    await sync();
    outbox.close();
    const db = new DatabaseSync(join(folder, OUTBOX_FILE));
    db.exec(
      'DROP TABLE models; DROP TABLE versions; DROP TABLE registered; ALTER TABLE runs DROP COLUMN lost_answers; PRAGMA user_version = 1;',
    );
    db.close();
    fillModel(store, runId);
    outbox = new Outbox({ folder, secrets: { get: async () => undefined }, environment: {} });
    await expect(sync()).resolves.toEqual({ isUnfinished: false });
    await compare();
    const client = new TrackingClient({ url: proxy.url, credentials: { kind: 'none' } });
    expect(await client.searchRuns(['0'], '')).toHaveLength(1);
    client.close();
  });
});

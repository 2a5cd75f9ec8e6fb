import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { remotesApi, type RemoteState } from '../../../common/api/remotes.ts';
import type { Handlers } from '../../../common/rpc/contract.ts';
import { Courier } from '../../../main/mlflow/outbox/courier.ts';
import { shareOutbox } from '../../../main/mlflow/outbox/outbox.ts';
import { startTrackingServer } from '../../../main/mlflow/server/tracking-server.ts';
import { openTrackingStore, type TrackingStore } from '../../../main/mlflow/store/tracking-store.ts';
import { systemClock } from '../../../main/node/system-clock.ts';
import type { SecretStore } from '../../../main/ports/secret-store.ts';
import { createRemotesService } from '../../../main/services/remotes.ts';
import { readLocal, readRemote } from '../mlflow/outbox/compare-with-remote.ts';
import { fillRun } from '../mlflow/outbox/fill-store.ts';

let root: string;
let store: TrackingStore;
let url: string;
let service: Handlers<typeof remotesApi>;
let courier: Courier;
let secrets: Map<string, string>;
let defects: unknown[];
let closers: (() => unknown)[];
const call = { signal: new AbortController().signal };

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-remotes-'));
  const folder = join(root, 'own');
  store = openTrackingStore(folder);
  const site = openTrackingStore(join(root, 'site'));
  const server = await startTrackingServer({ store: site, token: 'secret' });
  url = server.url;
  secrets = new Map();
  defects = [];
  const secretStore: SecretStore = {
    file: '/nowhere/secrets.json',
    protection: 'encrypted',
    get: async (name) => secrets.get(name),
    set: async (name, secret) => void secrets.set(name, secret),
    delete: async (name) => void secrets.delete(name),
  };
  const outbox = shareOutbox({
    folder,
    secrets: secretStore,
    call: { retry: { attempts: 1, baseMs: 1, capMs: 1 } },
  });
  courier = new Courier({
    outbox: outbox.open,
    folder,
    clock: systemClock,
    onDefect: (error) => defects.push(error),
    intervalMs: 30,
  });
  service = createRemotesService({ outbox: outbox.open, courier, secrets: secretStore });
  closers = [
    () => courier.dispose(),
    () => outbox.close(),
    () => store.close(),
    () => server.close(),
    () => site.close(),
  ];
});
afterEach(async () => {
  for (const close of closers) await close();
  rmSync(root, { recursive: true, force: true });
  expect(defects).toEqual([]);
});

const token = { kind: 'token', token: 'secret' } as const;

/** Waits until a server's state is as wanted; gives all states that were seen. */
async function waitFor(isWanted: (state: RemoteState) => boolean): Promise<readonly RemoteState[]> {
  const seen: RemoteState[] = [];
  const stop = new AbortController();
  for await (const [site] of service.states({}, { signal: stop.signal })) {
    seen.push(site!.state as RemoteState);
    if (isWanted(seen.at(-1)!)) stop.abort();
  }
  return seen;
}

describe('the remotes of the window', () => {
  it('are tested, added, and sent to while the program is there', async () => {
    const remote = { name: 'site', url, credentials: token };
    await expect(service.test(remote, call)).resolves.toMatchObject({
      ok: true,
      version: expect.stringMatching(/^3\./),
    });
    const wrong = { ...remote, credentials: { ...token, token: 'guess' } };
    await expect(service.test(wrong, call)).resolves.toMatchObject({
      ok: false,
      problem: expect.stringContaining('(401)'),
    });
    const added = await service.add(remote, call);
    expect(added).toMatchObject({
      name: 'site',
      credentials: 'token',
      hasCertificate: false,
      state: { phase: 'idle' },
    });
    expect(JSON.stringify(await service.list({}, call))).not.toContain('secret');
    expect([...secrets]).toEqual([['remote/site', 'secret']]);
    await expect(service.test({ name: 'site' }, call)).resolves.toMatchObject({ ok: true });

    const runId = fillRun(store, '0', { name: 'first', status: 'FINISHED' });
    courier.start();
    const seen = await waitFor(({ phase, synced }) => phase === 'idle' && synced === 1);
    expect(seen.some(({ phase }) => phase === 'sending')).toBe(true);
    await expect(service.outbox({ offset: 0, limit: 10 }, call)).resolves.toMatchObject({
      total: 1,
      rows: [
        { remote: 'site', runId, runName: 'first', experiment: 'Default', state: 'synced', heldBack: 6 },
      ],
    });
    await expect(service.heldBack({ name: 'site', runId }, call)).resolves.toHaveLength(6);

    fillRun(store, '0', { name: 'second', status: 'KILLED' });
    await waitFor(({ phase, synced }) => phase === 'idle' && synced === 2);
    const site = openTrackingStore(join(root, 'site'), { readOnly: true });
    const names = site.runs.search({ experiment_ids: ['0'] }).items.map(({ info }) => info.run_name);
    site.close();
    expect(names.toSorted()).toEqual(['first', 'second']);
    const wider = { artifacts: ['log' as const], tags: [], registeredModels: false, userName: true };
    await expect(service.setPolicy({ name: 'site', policy: wider }, call)).resolves.toMatchObject({
      policy: wider,
    });
    await service.remove({ name: 'site' }, call);
    expect([...secrets]).toEqual([]);
    await expect(service.list({}, call)).resolves.toEqual({ remotes: [], protection: 'encrypted' });
  });

  it('that refuse us wait for somebody, and go on when asked to', async () => {
    fillRun(store, '0', { name: 'first', status: 'FINISHED' });
    await service.add({ name: 'site', url, credentials: { ...token, token: 'guess' } }, call);
    courier.start();
    const seen = await waitFor(({ phase }) => phase === 'refused');
    expect(seen.at(-1)).toMatchObject({
      waiting: 1,
      problem: expect.stringContaining('(401)'),
      nextTryAt: expect.any(String),
    });
    secrets.set('remote/site', 'secret');
    await sleep(100);
    expect(courier.state('site').phase).toBe('refused');
    await service.sync({ name: 'site' }, call);
    await waitFor(({ phase, synced }) => phase === 'idle' && synced === 1);
  });

  it('whose token is gone say so', async () => {
    fillRun(store, '0', { name: 'first', status: 'FINISHED' });
    await service.add({ name: 'site', url, credentials: token }, call);
    secrets.clear();
    await service.sync({ name: 'site' }, call);
    const seen = await waitFor(({ phase }) => phase === 'refused');
    expect(seen.at(-1)!.problem).toContain('is not kept where this program can read it');
    await expect(service.sync({ name: 'other' }, call)).rejects.toThrow('There is no remote other.');
  });

  it('and a broken outbox are a fault that names the file', async () => {
    const folder = join(root, 'broken');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'outbox.db'),
      'no database at all, and longer than the header that SQLite looks at. '.repeat(20),
    );
    const broken = shareOutbox({ folder, secrets: { get: async () => undefined } });
    expect(() => broken.open()).toThrow('outbox.db: The file is no SQLite database.');
  });

  it('have everything that may go', async () => {
    fillRun(store, '0', { name: 'first', status: 'FAILED', points: 1500 });
    const open = openTrackingStore(join(root, 'open'));
    const server = await startTrackingServer({ store: open, token: undefined });
    closers.unshift(
      () => server.close(),
      () => open.close(),
    );
    await service.add({ name: 'site', url: server.url, credentials: { kind: 'none' } }, call);
    await service.sync({ name: 'site' }, call);
    await waitFor(({ phase, synced }) => phase === 'idle' && synced === 1);
    expect(Object.fromEntries(await readRemote(server.url))).toEqual(
      Object.fromEntries(await readLocal(join(root, 'own'))),
    );
  });
});

describe('what the window sends', () => {
  it('to test a server that is not added yet keeps its address', () => {
    const asked = { name: 'site', url: 'https://site.example', credentials: { kind: 'none' } };
    expect(remotesApi.test.input.parse(asked)).toEqual(asked);
    expect(remotesApi.test.input.parse({ name: 'site' })).toEqual({ name: 'site' });
    expect(remotesApi.add.input.safeParse({ ...asked, name: '../x' }).success).toBe(false);
  });
});

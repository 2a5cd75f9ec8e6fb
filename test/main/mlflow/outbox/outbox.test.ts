import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Outbox, type OutboxOptions } from '../../../../main/mlflow/outbox/outbox.ts';
import { lockRemote } from '../../../../main/mlflow/outbox/remote-lock.ts';
import { DEFAULT_POLICY } from '../../../../main/mlflow/redact/allow-list.ts';
import { startTrackingServer } from '../../../../main/mlflow/server/tracking-server.ts';
import { TrackingDatabase } from '../../../../main/mlflow/store/database.ts';
import { openTrackingStore, type TrackingStore } from '../../../../main/mlflow/store/tracking-store.ts';
import { startChaosProxy, type ChaosProxy, type Trouble } from './chaos-proxy.ts';
import { readLocal, readLocalRegistry, readRemote, readRemoteRegistry } from './compare-with-remote.ts';
import { fillModel, fillRun, logPoints } from './fill-store.ts';

let root: string;
let folder: string;
let store: TrackingStore;
let proxy: ChaosProxy;
let closers: (() => unknown)[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-outbox-'));
  folder = join(root, 'mlflow');
  store = openTrackingStore(folder);
  const remote = openTrackingStore(join(root, 'remote'));
  const server = await startTrackingServer({ store: remote, token: undefined });
  proxy = await startChaosProxy(server.url);
  closers = [() => store.close(), () => proxy.close(), () => server.close(), () => remote.close()];
});
afterEach(async () => {
  for (const close of closers) await close();
  rmSync(root, { recursive: true, force: true });
});

const call = { retry: { attempts: 3, baseMs: 1, capMs: 5 }, timeoutMs: 2000 };

function openOutbox(options: Partial<OutboxOptions> = {}): Outbox {
  const outbox = new Outbox({
    folder,
    secrets: { get: async () => undefined },
    environment: {},
    call,
    ...options,
  });
  closers.unshift(() => outbox.close());
  return outbox;
}

function addSite(outbox: Outbox, more = {}): void {
  outbox.remotes.add({ name: 'site', url: proxy.url, credentials: 'none', policy: DEFAULT_POLICY, ...more });
}

/** A search with a job of every status, its points in more than one batch. */
function fill(): string {
  const experiment = store.experiments.create({
    name: 'lungs/first',
    tags: [{ key: 'mlflow.note.content', value: 'AutoML of lungs' }],
  });
  const parent = fillRun(store, experiment, { name: 'first', status: 'FINISHED' });
  fillModel(store, parent);
  for (const [index, status] of (['FINISHED', 'FAILED', 'KILLED'] as const).entries())
    fillRun(store, experiment, {
      name: `W1_${index + 1}_J${index + 1}`,
      status,
      parent,
      points: index === 0 ? 2300 : 30,
    });
  return parent;
}

const compare = async (): Promise<void> =>
  expect(Object.fromEntries(await readRemote(proxy.target))).toEqual(
    Object.fromEntries(await readLocal(folder)),
  );

describe('the outbox', () => {
  it('brings all runs over once, without what must stay, and says so', async () => {
    const parent = fill();
    const outbox = openOutbox();
    addSite(outbox);
    await expect(outbox.sync('site')).resolves.toEqual({ isUnfinished: false });
    await compare();
    expect(outbox.counts('site')).toEqual({ synced: 4, waiting: 0, failed: 0, heldBack: 26 });
    expect(outbox.rows('site').map(({ runName, state }) => [runName, state])).toHaveLength(4);
    expect(outbox.heldBack('site', parent).map(({ kind, key, rule }) => `${kind} ${key}: ${rule}`)).toEqual([
      'artifact config_automl.json: an absolute path',
      'artifact log.txt: a log: not sent to this server',
      'model param data: an absolute path',
      'model tag ward: a tag that is not on the list',
      expect.stringMatching(/^param \(a key, [0-9a-f]{8}\): a DICOM attribute$/),
      'param data: an absolute path',
      'tag mlflow.source.name: an absolute path',
      "tag mlflow.user: the user's name",
    ]);
  });

  it('asks nothing of the server when there is nothing new', async () => {
    fill();
    const outbox = openOutbox();
    addSite(outbox);
    await outbox.sync('site');
    const before = proxy.counts.none;
    await outbox.sync('site');
    expect(proxy.counts.none).toBe(before);
  });

  it('sends a run while it goes on, and only what is new', async () => {
    const runId = fillRun(store, '0', { name: 'live', status: 'RUNNING' });
    const outbox = openOutbox();
    addSite(outbox);
    await expect(outbox.sync('site')).resolves.toEqual({ isUnfinished: true });
    expect(outbox.rows('site')).toMatchObject([
      { state: 'waiting', reason: 'it is still running; what there is was sent' },
    ]);
    logPoints(store, runId, 40, 100);
    const paths: string[] = [];
    proxy.trouble = (path) => {
      paths.push(path);
      return { kind: 'none' };
    };
    await outbox.sync('site');
    expect(paths).toEqual(['/api/2.0/mlflow/runs/log-batch']);
    store.runs.update({ run_id: runId, status: 'FAILED', end_time: 1_700_000_100_000 });
    await outbox.sync('site');
    await compare();
    expect(outbox.counts('site')).toMatchObject({ synced: 1, waiting: 0 });
  });

  it('needs no memory: without its database all is sent again and nothing is there twice', async () => {
    fill();
    const first = openOutbox();
    addSite(first);
    await first.sync('site');
    first.remotes.remove('site');
    addSite(first);
    await first.sync('site');
    await compare();
  });

  it('sends anew to a server that was set up anew', async () => {
    fill();
    const outbox = openOutbox();
    addSite(outbox);
    await outbox.sync('site');
    const empty = openTrackingStore(join(root, 'empty'));
    const server = await startTrackingServer({ store: empty, token: undefined });
    closers.unshift(
      () => server.close(),
      () => empty.close(),
    );
    proxy.target = server.url;
    for (const { run_id: id } of store.runs.search({ experiment_ids: ['1'] }).items.map(({ info }) => info))
      store.runs.setTag(id, { key: 'outerloop.reason', value: 'seen' });
    await outbox.sync('site');
    await compare();
  });

  it.each<[string, Trouble]>([
    ['401', { kind: 'status', status: 401 }],
    ['429', { kind: 'status', status: 429, retryAfter: '0' }],
    ['500', { kind: 'status', status: 500 }],
    ['broken', { kind: 'broken' }],
    ['lost', { kind: 'lost' }],
  ])('says when the server has trouble (%s), and goes on when that is over', async (name, trouble) => {
    fill();
    const outbox = openOutbox();
    addSite(outbox);
    let count = 0;
    // the seventh request and those after it, as many as there are tries
    proxy.trouble = () => (++count >= 7 && count < 10 ? trouble : { kind: 'none' });
    const result = await outbox.sync('site');
    expect(result?.failure).toBeDefined();
    const health = outbox.remotes.health('site');
    expect(health).toMatchObject({ isRefused: name === '401', failures: 1 });
    expect(health.problem).toBe(result!.failure!.message);
    expect(outbox.counts('site').waiting).toBeGreaterThan(0);
    expect(outbox.rows('site').find(({ state }) => state === 'waiting')?.reason).toBe(health.problem);
    proxy.trouble = () => ({ kind: 'none' });
    await outbox.sync('site');
    expect(outbox.remotes.health('site')).toMatchObject({ isRefused: false, failures: 0 });
    await compare();
  });

  it('comes to the same whatever happens to its requests', { timeout: 60_000 }, async () => {
    const parent = fill();
    for (const name of ['second', 'third']) fillModel(store, parent, name);
    const outbox = openOutbox();
    addSite(outbox, { policy: { ...DEFAULT_POLICY, registeredModels: true } });
    let state = 7;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    const troubles: Trouble[] = [
      { kind: 'status', status: 401 },
      { kind: 'status', status: 429, retryAfter: '0' },
      { kind: 'status', status: 500 },
      { kind: 'broken' },
      { kind: 'lost' },
      { kind: 'late', delayMs: 30 },
    ];
    proxy.trouble = () =>
      random() < 0.4 ? troubles[Math.floor(random() * troubles.length)]! : { kind: 'none' };
    for (let pass = 0; pass < 60; pass++) await outbox.sync('site');
    proxy.trouble = () => ({ kind: 'none' });
    await outbox.sync('site');
    for (const kind of ['401', '429', '500', 'broken', 'lost', 'late'])
      expect(proxy.counts[kind]).toBeGreaterThan(0);
    await compare();
    expect(await readRemoteRegistry(proxy.target, 'best net')).toEqual(readLocalRegistry(folder)['best net']);
  });

  it('makes one run even when the server answers after it was given up on', async () => {
    fillRun(store, '0', { name: 'slow', status: 'FINISHED' });
    const outbox = openOutbox({ now: () => 1_000_000, call: { ...call, timeoutMs: 100 } });
    addSite(outbox);
    proxy.trouble = (path) =>
      path.endsWith('/runs/create') ? { kind: 'late', delayMs: 400 } : { kind: 'none' };
    const result = await outbox.sync('site');
    expect(result?.failure?.kind).toBe('timeout');
    // asked again before the first try is carried out: two runs
    proxy.trouble = () => ({ kind: 'none' });
    await outbox.sync('site');
    expect(outbox.rows('site')).toMatchObject([
      {
        state: 'waiting',
        reason: expect.stringMatching(
          /^it is there; as an answer was lost, it is looked for once more after \d\d:\d\d:\d\d: the server may have made it twice$/,
        ),
      },
    ]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await expect(readRemote(proxy.target)).rejects.toThrow('is there twice');
    // as many are there as were asked for: nothing is waited for any more
    await expect(outbox.sync('site')).resolves.toEqual({ isUnfinished: false });
    await compare();
    expect(outbox.counts('site')).toMatchObject({ synced: 1 });
  });

  it('knows at its next look the run whose making was carried out without an answer', async () => {
    fillRun(store, '0', { name: 'lost', status: 'FINISHED' });
    const outbox = openOutbox({ now: () => 1_000_000 });
    addSite(outbox);
    proxy.trouble = (path) => (path.endsWith('/runs/create') ? { kind: 'lost' } : { kind: 'none' });
    expect((await outbox.sync('site'))?.failure?.kind).toBe('unreachable');
    proxy.trouble = () => ({ kind: 'none' });
    await expect(outbox.sync('site')).resolves.toEqual({ isUnfinished: false });
    expect(outbox.rows('site')).toMatchObject([{ state: 'synced' }]);
    await compare();
  });

  it('has no doubts after a connection that was never made, nor after a refusal', async () => {
    fillRun(store, '0', { name: 'one', status: 'FINISHED' });
    const outbox = openOutbox({ now: () => 1_000_000 });
    addSite(outbox);
    for (const trouble of ['refused', 'unsent'] as const) {
      const target = proxy.target;
      if (trouble === 'refused')
        proxy.trouble = (path) =>
          path.endsWith('/runs/create') ? { kind: 'status', status: 403 } : { kind: 'none' };
      else outbox.remotes.remove('site');
      if (trouble === 'unsent') addSite(outbox, { url: 'http://127.0.0.1:9' });
      expect((await outbox.sync('site'))?.failure).toBeDefined();
      proxy.trouble = () => ({ kind: 'none' });
      proxy.target = target;
    }
    outbox.remotes.remove('site');
    addSite(outbox);
    await expect(outbox.sync('site')).resolves.toEqual({ isUnfinished: false });
  });

  it('waits two minutes at most for a second run that never turns up', async () => {
    fillRun(store, '0', { name: 'gone', status: 'FINISHED' });
    let time = 1_000_000;
    const outbox = openOutbox({ now: () => time });
    addSite(outbox);
    proxy.trouble = (path) => (path.endsWith('/runs/create') ? { kind: 'broken' } : { kind: 'none' });
    await outbox.sync('site');
    proxy.trouble = () => ({ kind: 'none' });
    await expect(outbox.sync('site')).resolves.toEqual({ isUnfinished: true });
    await compare();
    time += 60_000;
    await expect(outbox.sync('site')).resolves.toEqual({ isUnfinished: true });
    time += 61_000;
    await expect(outbox.sync('site')).resolves.toEqual({ isUnfinished: false });
    await compare();
  });

  it('says which run a server does not take, and sends the others', async () => {
    const parent = fill();
    const outbox = openOutbox();
    addSite(outbox);
    proxy.trouble = (path) =>
      path.endsWith('/log-inputs') ? { kind: 'status', status: 400 } : { kind: 'none' };
    await outbox.sync('site');
    expect(outbox.counts('site')).toMatchObject({ synced: 0, failed: 4 });
    expect(outbox.rows('site').find(({ runId }) => runId === parent)).toMatchObject({
      state: 'failed',
      reason: 'the server answered 400 TROUBLE: made by the test',
    });
    proxy.trouble = () => ({ kind: 'none' });
    await outbox.sync('site');
    await compare();
  });

  it('survives a disk that is full at any moment', async () => {
    fill();
    let countdown = Infinity;
    class FullDisk extends TrackingDatabase {
      readonly #inner: TrackingDatabase;
      constructor(inner: TrackingDatabase) {
        super(undefined as never);
        this.#inner = inner;
      }
      override all<T>(sql: string, ...values: readonly never[]): T[] {
        return this.#inner.all<T>(sql, ...values);
      }
      override get<T>(sql: string, ...values: readonly never[]): T | undefined {
        return this.#inner.get<T>(sql, ...values);
      }
      override run(sql: string, ...values: readonly never[]): { changes: number; lastId: number } {
        if (--countdown <= 0) throw Object.assign(new Error('full'), { code: 'ENOSPC', errcode: 13 });
        return this.#inner.run(sql, ...values);
      }
      override write<T>(body: () => T): T {
        return this.#inner.write(body);
      }
      override close(): void {
        this.#inner.close();
      }
    }
    const outbox = openOutbox({ wrapDatabase: (db) => new FullDisk(db) });
    addSite(outbox);
    let failures = 0;
    for (let round = 1; round < 60; round++) {
      countdown = 1 + (round % 9);
      failures += await outbox.sync('site').then(
        () => 0,
        () => 1,
      );
    }
    expect(failures).toBeGreaterThan(5);
    countdown = Infinity;
    await outbox.sync('site');
    await compare();
  });

  it('lets one process send at a time, and the next when that is gone', async () => {
    const outbox = openOutbox();
    addSite(outbox);
    const lock = lockRemote(folder, 'site');
    await expect(outbox.sync('site')).resolves.toBeUndefined();
    lock!.release();
    await expect(outbox.sync('site')).resolves.toEqual({ isUnfinished: false });
  });

  it('says which token is not there', async () => {
    const outbox = openOutbox();
    addSite(outbox, { credentials: 'environment', variable: 'SITE_TOKEN' });
    await expect(outbox.sync('site')).rejects.toThrow(
      'The environment variable SITE_TOKEN with the token for site is not set.',
    );
    await expect(outbox.sync('other')).rejects.toThrow('There is no remote other. Allowed: site.');
    expect(() => addSite(outbox)).toThrow('There is a remote site already.');
    expect(() => addSite(outbox, { name: '../x' })).toThrow('A remote cannot be called');
  });

  it('gives runs and experiments other names when theirs must stay', async () => {
    const experiment = store.experiments.create({ name: 'Jane Doe' });
    fillRun(store, experiment, { name: 'DOE^JANE', status: 'FINISHED' });
    const outbox = openOutbox();
    addSite(outbox);
    await outbox.sync('site');
    const [run] = (await readRemote(proxy.target)).values();
    expect(run!.experiment).toMatch(/^experiment-[0-9a-f]{8}$/);
    expect(run!.name).toMatch(/^run-[0-9a-f]{8}$/);
    expect(JSON.stringify([...(await readRemote(proxy.target)).values()])).not.toMatch(/Doe|DOE|mueller|nas/);
  });

  it('takes a policy that lets more go into account at once', async () => {
    fillRun(store, '0', { name: 'one', status: 'FINISHED' });
    const outbox = openOutbox();
    addSite(outbox);
    await outbox.sync('site');
    outbox.remotes.setPolicy('site', {
      ...DEFAULT_POLICY,
      artifacts: [...DEFAULT_POLICY.artifacts, 'log'],
      userName: true,
    });
    expect(outbox.counts('site')).toMatchObject({ waiting: 1 });
    await outbox.sync('site');
    const [run] = (await readRemote(proxy.target)).values();
    expect(Object.keys(run!.artifacts)).toContain('log.txt');
    expect(outbox.heldBack('site').map(({ key }) => key)).toContain('log.txt');
  });
});

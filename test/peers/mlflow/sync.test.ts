import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import { parseSetArguments } from '../../../common/mmar/set-arguments.ts';
import { runAutoml } from '../../../main/automl/run-automl.ts';
import { Outbox } from '../../../main/mlflow/outbox/outbox.ts';
import { DEFAULT_POLICY } from '../../../main/mlflow/redact/allow-list.ts';
import { openTrackingStore } from '../../../main/mlflow/store/tracking-store.ts';
import { EVERY_STATUS, makeScriptedMmar } from '../../main/automl/programs/make-scripted-mmar.ts';
import { startChaosProxy, type ChaosProxy, type Trouble } from '../../main/mlflow/outbox/chaos-proxy.ts';
import {
  readLocal,
  readLocalRegistry,
  readRemote,
  readRemoteRegistry,
  type ComparedRun,
} from '../../main/mlflow/outbox/compare-with-remote.ts';
import { fillModel, logPoints } from '../../main/mlflow/outbox/fill-store.ts';
import { findMlflow, findMlflow2, START_TIMEOUT_MS, startReal, type RealServer } from './servers.ts';

const found = findMlflow('runs are not sent to a real MLflow server');
const found2 = findMlflow2('runs are not sent to a server of MLflow 2');

/** The first job runs until the second has reached what was wanted. */
const ONE_ABORTED = `
say() { mkdir -p models; echo "$1" > models/train_stats.json; }
case "$PWD" in
  *J1) while true; do echo alive; sleep 0.2; done;;
  *) sleep 1; say '{"best_metric": 0.7, "status": "completed"}';;
esac`;

const made: string[] = [];
let folder: string;
let local: Map<string, ComparedRun>;

async function search(root: string, words: readonly string[]): Promise<void> {
  made.push(dirname(root));
  await runAutoml({
    mmarRoot: root,
    seed: 3,
    trust: true,
    overrides: unwrap(parseSetArguments(words)),
    tracking: { folder },
    ports: { devices: { listGpus: () => Promise.resolve([]), countCores: () => 2 } },
  });
}

/** Two searches whose jobs ended in every way that there is; one job has more points than a request takes. */
beforeAll(async () => {
  if ('why' in found && 'why' in found2) return;
  const root = mkdtempSync(join(tmpdir(), 'outerloop-sync-'));
  made.push(root);
  folder = join(root, 'mlflow');
  await search(makeScriptedMmar(EVERY_STATUS, 5), ['run_id=first']);
  const stopping = [{ name: 'MMARHandler', args: { stop_threshold: 0.6 } }];
  await search(makeScriptedMmar(ONE_ABORTED, 4, stopping), ['run_id=second', 'workers=0:0']);
  const store = openTrackingStore(folder);
  const [job] = store.runs.search({ experiment_ids: ['1'], filter: `attributes.run_name = 'W1_1_J1'` }).items;
  logPoints(store, job!.info.run_id, 2500, 1000);
  for (const name of ['net', 'other']) fillModel(store, job!.info.run_id, name);
  store.close();
  local = await readLocal(folder);
}, 240_000);
afterAll(() => {
  for (const root of made) rmSync(root, { recursive: true, force: true });
});

function openOutbox(url: string, now = Date.now): Outbox {
  const call = { retry: { attempts: 4, baseMs: 50, capMs: 1000 }, timeoutMs: 20_000 };
  const outbox = new Outbox({ folder, secrets: { get: async () => undefined }, call, now });
  if (outbox.remotes.list().length === 0)
    outbox.remotes.add({
      name: 'site',
      url,
      credentials: 'none',
      policy: { ...DEFAULT_POLICY, registeredModels: true },
    });
  return outbox;
}

async function compare(url: string, hasLoggedModels: boolean): Promise<void> {
  const remote = await readRemote(url);
  const expected = [...local].map(([id, run]) => [id, hasLoggedModels ? run : { ...run, models: undefined }]);
  expect(Object.fromEntries(remote)).toEqual(Object.fromEntries(expected));
  expect([...local.values()].flatMap(({ models = [] }) => models.map(({ name }) => name)).toSorted()).toEqual(
    ['model', 'net', 'other'],
  );
  const registered = await readRemoteRegistry(url, 'best net');
  const { versions, ...own } = readLocalRegistry(folder)['best net']!;
  expect(registered).toMatchObject(own);
  expect(registered!.versions.map(([description]) => description)).toEqual(
    versions.map(([description]) => description),
  );
  if (hasLoggedModels) expect(registered!.versions).toEqual(versions);
  expect([...local.values()].map(({ tags }) => tags['outerloop.status']).toSorted()).toEqual(
    [
      'aborted',
      'completed',
      'completed',
      'completed',
      'completed',
      'diverged',
      'failed',
      'stopped',
      'timeout',
    ].toSorted(),
  );
}

const servers = [
  { name: 'the newest MLflow', found, kills: 20, hasLoggedModels: true },
  { name: 'MLflow 2.22', found: found2, kills: 8, hasLoggedModels: false },
];

for (const { name, found: of, kills, hasLoggedModels } of servers)
  describe.skipIf('why' in of)(`two searches, sent to a server of ${name}`, () => {
    let server: RealServer;
    let proxy: ChaosProxy;
    const python = 'python' in of ? of.python : '';

    beforeAll(async () => {
      server = await startReal(python);
      proxy = await startChaosProxy(server.url);
    }, START_TIMEOUT_MS);
    afterAll(async () => {
      for (const sender of senders) sender.kill('SIGKILL');
      await proxy?.close();
      await server?.close();
    });

    /** As the sender is killed again and again, and the server is started anew in between, which loses nothing that it confirmed. */
    it(
      'are there once and whole, whatever the sender and the server go through',
      { timeout: 600_000 },
      async () => {
        const fresh = openOutbox(proxy.url);
        fresh.remotes.remove('site');
        fresh.close();
        openOutbox(proxy.url).close();
        let state = 11;
        const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
        const troubles: readonly Trouble[] = [
          { kind: 'status', status: 401 },
          { kind: 'status', status: 429, retryAfter: '0' },
          { kind: 'status', status: 500 },
          { kind: 'broken' },
          { kind: 'lost' },
          { kind: 'late', delayMs: 400 },
        ];
        let call = '';
        let troubled = 0;
        proxy.trouble = (path) => {
          call = path.replace(/\?.*|(?<=artifacts\/artifacts)\/.*/g, '');
          return random() < 0.25 ? troubles[troubled++ % troubles.length]! : { kind: 'none' };
        };
        const killedAt: string[] = [];
        let next = startSender();
        for (let kill = 1; kill <= kills; kill++) {
          const sender = next;
          // the one after it gets ready meanwhile
          next = startSender();
          const requests = countRequests(proxy);
          const most = 2 + Math.floor(random() * 14);
          sender.send('go');
          await until(() => countRequests(proxy) - requests >= most, 4000);
          await sleep(random() * 30);
          killedAt.push(call);
          sender.kill('SIGKILL');
          await new Promise((resolve) => sender.once('exit', resolve));
          if (kill === kills / 2) {
            await server.stop();
            const again = await startReal(python, server.folder);
            proxy.target = again.url;
            server = again;
          }
        }
        expect(new Set(killedAt).size).toBeGreaterThan(2);
        expect(Object.keys(proxy.counts).toSorted()).toEqual([
          '401',
          '429',
          '500',
          'broken',
          'late',
          'lost',
          'none',
        ]);

        proxy.trouble = () => ({ kind: 'none' });
        // what a server was asked to and its sender did not live to hear is carried out by now
        await sleep(1000);
        for (const later of [0, 3 * 60_000]) {
          const outbox = openOutbox(proxy.url, () => Date.now() + later);
          await expect(outbox.sync('site')).resolves.toMatchObject({
            isUnfinished: later === 0 ? expect.any(Boolean) : false,
          });
          if (later > 0) expect(outbox.counts('site')).toMatchObject({ synced: 9, waiting: 0, failed: 0 });
          outbox.close();
        }
        await compare(server.url, hasLoggedModels);
      },
    );
  });

const senders: ChildProcess[] = [];

function startSender(): ChildProcess {
  const program = join(import.meta.dirname, '../../main/mlflow/outbox/programs/sync.ts');
  const sender = fork(program, [folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  senders.push(sender);
  return sender;
}

const countRequests = ({ counts }: ChaosProxy): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Until it is so, or the time is over: a sender may have nothing left to send. */
async function until(isSo: () => boolean, mostMs: number): Promise<void> {
  for (const end = Date.now() + mostMs; !isSo() && Date.now() < end;) await sleep(5);
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../../main/cli/program.ts';
import { startTrackingServer } from '../../../main/mlflow/server/tracking-server.ts';
import { openTrackingStore } from '../../../main/mlflow/store/tracking-store.ts';
import { readLocal, readRemote } from '../mlflow/outbox/compare-with-remote.ts';
import { fillRun } from '../mlflow/outbox/fill-store.ts';
import { captureOutput, type CapturedOutput } from './capture-output.ts';

let root: string;
let closers: (() => unknown)[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-cli-mlflow-'));
  closers = [];
});
afterEach(async () => {
  for (const close of closers) await close();
  rmSync(root, { recursive: true, force: true });
});

const own = (): string => join(root, 'own');

async function run(...args: readonly string[]): Promise<CapturedOutput & { readonly code: number }> {
  const output = captureOutput();
  const code = await runProgram(['mlflow', ...args, '--store', own()], output);
  return Object.assign(output, { code });
}

async function startSite(token?: string): Promise<string> {
  const store = openTrackingStore(join(root, 'site'));
  const server = await startTrackingServer({ store, token });
  closers.unshift(
    () => server.close(),
    () => store.close(),
  );
  return server.url;
}

function fillOwn(): void {
  const store = openTrackingStore(own());
  fillRun(store, '0', { name: 'first', status: 'FINISHED' });
  fillRun(store, '0', { name: 'second', status: 'RUNNING' });
  store.close();
}

describe('outerloop mlflow remote and sync', () => {
  it('send runs to a server and say what is there, waits and stays', async () => {
    const url = await startSite('secret');
    fillOwn();
    process.env.SITE_TOKEN_OF_TEST = 'secret';
    closers.push(() => delete process.env.SITE_TOKEN_OF_TEST);
    expect((await run('remote', 'list')).lines).toEqual([
      'There are no remotes. Add one: outerloop mlflow remote add NAME URL',
    ]);
    const added = await run('remote', 'add', 'site', url, '--token-from-env', 'SITE_TOKEN_OF_TEST');
    expect(added.lines).toEqual([`site is ${url}. Try it: outerloop mlflow remote test site`]);
    expect((await run('remote', 'test', 'site')).lines[0]).toMatch(
      /^site \(http:.*\) answers: MLflow 3\.\d+\.\d+, \d+ ms$/,
    );
    const sent = await run('sync', 'site', '--held');
    expect(sent.code).toBe(0);
    expect(sent.lines).toEqual(
      expect.arrayContaining([
        'site: 1 run there, 1 waiting, 0 failed; 12 things held back',
        expect.stringMatching(/second +Default +waiting +it is still running; what there is was sent/),
        expect.stringMatching(/first +artifact +log\.txt +a log: not sent to this server/),
      ]),
    );
    expect(sent.lines.join('\n')).not.toContain('/home/mueller');
    const [row] = JSON.parse((await run('remote', 'list', '--json')).lines[0]!) as object[];
    expect(row).toMatchObject({
      name: 'site',
      credentials: 'environment',
      synced: 1,
      waiting: 1,
      problem: null,
    });
    expect(JSON.stringify(row)).not.toContain('secret');
    const json = JSON.parse((await run('sync', '--json')).lines[0]!) as { runs: object[] };
    expect(json).toMatchObject({ remote: 'site', synced: 1, runs: [{ state: expect.any(String) }, {}] });
    expect((await run('remote', 'remove', 'site')).lines).toEqual([
      'site is forgotten. What was sent there stays there.',
    ]);
  });

  it('fail when the server refuses us, and say so', async () => {
    const url = await startSite('secret');
    fillOwn();
    await run('remote', 'add', 'site', url);
    const test = await run('remote', 'test', 'site');
    expect([test.code, test.lines[0]]).toEqual([
      1,
      expect.stringContaining('the server refused the credentials (401)'),
    ]);
    const sync = await run('sync');
    expect(sync.code).toBe(1);
    expect(sync.lines[1]).toContain('the server refused the credentials (401)');
    expect((await run('remote', 'list')).lines.at(-1)).toContain('(401)');
  });

  it.each<[readonly string[], string, number]>([
    [['sync'], 'There is no remote to send to.', 2],
    [['sync', 'x'], 'There is no remote x.', 2],
    [['sync', '--interval', 'soon'], 'soon is no time.', 2],
    [['remote', 'add', 'site', 'mlruns'], 'no address of an MLflow server', 2],
    [['remote', 'add', 'a b', 'http://127.0.0.1:1'], 'A remote cannot be called "a b".', 2],
    [
      ['remote', 'add', 'site', 'http://127.0.0.1:1', '--token-from-env', 'a b'],
      'This is no name of a variable.',
      2,
    ],
    [['remote', 'add', 'site', 'http://127.0.0.1:1', '--user', 'jo'], 'These options do not go together.', 2],
    [
      ['remote', 'add', 'site', 'http://127.0.0.1:1', '--send', 'everything'],
      'no kind of file called everything',
      2,
    ],
    [['remote', 'add', 'site', 'http://127.0.0.1:1', '--ca', 'gone.pem'], 'gone.pem: It does not exist.', 1],
    [['remote', 'add', 'site'], 'MLFLOW_TRACKING_URI names no server', 2],
    [['remote', 'test', 'x'], 'There is no remote x.', 2],
    [['remote', 'remove', 'x'], 'There is no remote x.', 2],
    [['import', 'nowhere'], 'nowhere: There is nothing at this path.', 1],
  ])('%j is refused', async (args, message, code) => {
    const output = await run(...args);
    expect(output.notes.join('\n')).toContain(message);
    expect(output.code).toBe(code);
  });

  it("take the server from MLflow's own variables", async () => {
    const url = await startSite();
    process.env.MLFLOW_TRACKING_URI = url;
    process.env.MLFLOW_TRACKING_SERVER_CERT_PATH = resolve(import.meta.dirname, '../../fixtures/tls/ca.pem');
    closers.push(() => {
      delete process.env.MLFLOW_TRACKING_URI;
      delete process.env.MLFLOW_TRACKING_SERVER_CERT_PATH;
    });
    await run('remote', 'add', 'site');
    expect((await run('sync')).code).toBe(0);
  });
});

describe('outerloop mlflow import', () => {
  it('brings in runs, twice as once, and they can be sent on', async () => {
    const other = openTrackingStore(join(root, 'other'));
    fillRun(other, '0', { name: 'first', status: 'FINISHED' });
    other.close();
    expect((await run('import', join(root, 'other'))).lines).toEqual([
      '1 new run, 0 known before, 0 new logged models, 0 new model versions, 6 files',
    ]);
    const again = await run('import', join(root, 'other'), '--json');
    expect(JSON.parse(again.lines[0]!)).toMatchObject({ newRuns: 0, knownRuns: 1 });
    const url = await startSite();
    await run('remote', 'add', 'site', url);
    await run('sync');
    expect(Object.fromEntries(await readRemote(url))).toEqual(Object.fromEntries(await readLocal(own())));
  });

  it('names the file that is no database', async () => {
    writeFileSync(join(root, 'x.db'), 'x'.repeat(2000));
    const { code, notes } = await run('import', join(root, 'x.db'));
    expect([code, notes]).toEqual([1, ['error: x.db: The file is no SQLite database.']]);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeServer } from '../../../main/cli/commands/mlflow/describe-server.ts';
import { runProgram } from '../../../main/cli/program.ts';
import { openTrackingStore } from '../../../main/mlflow/store/tracking-store.ts';
import { makeFolder } from '../mlflow/make-store.ts';
import { captureOutput } from './capture-output.ts';

const ENTRY = join(import.meta.dirname, '../../../main/cli/main.ts');

/** Starts `outerloop mlflow serve --json`; gives what it says, and how to stop it. */
async function serve(...words: readonly string[]) {
  const folder = makeFolder();
  const args = [ENTRY, 'mlflow', 'serve', '--json', '--store', join(folder, 'store'), ...words];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, OUTERLOOP_DATA: folder, SITE_TOKEN: 'from-the-site' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const said = JSON.parse(line) as { url: string; token: string | null; pid: number; store: string };
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  };
  return { ...said, folder, stop };
}

const getDefault = (url: string, token?: string) =>
  fetch(
    `${url}/api/2.0/mlflow/experiments/get?experiment_id=0`,
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  );

describe('outerloop mlflow serve', () => {
  it('serves a store with a token of its own until it is stopped', { timeout: 60_000 }, async () => {
    const { url, token, store, pid, stop } = await serve();
    expect(token).toMatch(/^[\w-]{32}$/);
    expect((await getDefault(url)).status).toBe(401);
    expect((await getDefault(url, token!)).status).toBe(200);
    expect(existsSync(join(store, 'mlflow.db'))).toBe(true);
    expect(await stop()).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow();
    expect(existsSync(join(store, 'mlflow.db-wal'))).toBe(false);
  });

  it(
    'takes the token from the environment, or lets everybody of this machine in',
    { timeout: 60_000 },
    async () => {
      const site = await serve('--token-from-env', 'SITE_TOKEN');
      expect([site.token, (await getDefault(site.url, 'from-the-site')).status]).toEqual([
        'from-the-site',
        200,
      ]);
      await site.stop();
      const open = await serve('--no-token');
      expect([open.token, (await getDefault(open.url)).status]).toEqual([null, 200]);
      await open.stop();
    },
  );

  it('prints a line that is pasted as it is, and an address that is enough by itself', () => {
    const server = { url: 'http://127.0.0.1:5000', token: 'a-token', folder: '/store' };
    const text = describeServer(server, 'linux');
    expect(text.split('\n')).toContain(
      '  export MLFLOW_TRACKING_URI=http://127.0.0.1:5000 MLFLOW_TRACKING_TOKEN=a-token',
    );
    expect(text).toContain('  http://outerloop:a-token@127.0.0.1:5000\n');
    const odd = { ...server, token: "o'dd $token/" };
    expect(describeServer(odd, 'linux')).toContain(`MLFLOW_TRACKING_TOKEN='o'\\''dd $token/'\n`);
    expect(describeServer(odd, 'linux')).toContain("http://outerloop:o'dd%20%24token%2F@127.0.0.1:5000\n");
    expect(describeServer(odd, 'win32')).toContain(
      `PowerShell: $env:MLFLOW_TRACKING_URI = 'http://127.0.0.1:5000'; $env:MLFLOW_TRACKING_TOKEN = 'o''dd $token/'\n`,
    );
    expect(describeServer(server, 'win32')).toContain(
      'cmd:        set "MLFLOW_TRACKING_URI=http://127.0.0.1:5000" & set "MLFLOW_TRACKING_TOKEN=a-token"\n',
    );
    const open = describeServer({ ...server, token: undefined }, 'linux');
    expect(open).toContain('  export MLFLOW_TRACKING_URI=http://127.0.0.1:5000\n');
    expect(open).not.toMatch(/TOKEN|outerloop:/);
  });

  it('says at the start what is wrong with the database, by its name', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'mlflow.db'), 'no database, certainly none, '.repeat(40));
    const output = captureOutput();
    expect(await runProgram(['mlflow', 'serve', '--store', folder], output)).toBe(1);
    expect(output.notes.join('\n')).toContain('error: mlflow.db: The file is no SQLite database.');
    expect(await runProgram(['mlflow', 'serve', '--store', folder, '--port', 'x'], captureOutput())).not.toBe(
      0,
    );
  });
});

describe('outerloop mlflow ui', () => {
  /** A Python that claims to have an MLflow, and notes how it is called. */
  function makePython(version: string): { python: string; calls: string } {
    const folder = makeFolder();
    const [python, calls] = [join(folder, 'python'), join(folder, 'calls')];
    writeFileSync(
      python,
      `#!/bin/sh\nif [ "$1" = -c ]; then echo ${version}; else echo "$MLFLOW_DISABLE_TELEMETRY $MLFLOW_SERVER_ENABLE_JOB_EXECUTION $*" >> ${calls}; fi\n`,
    );
    chmodSync(python, 0o755);
    return { python, calls };
  }
  const readCalls = async (file: string): Promise<string> =>
    (await import('node:fs')).readFileSync(file, 'utf8').trim();

  it('says when there is no MLflow, and that none is needed', async () => {
    const output = captureOutput();
    const words = ['mlflow', 'ui', '--python', join(makeFolder(), 'no-python'), '--store', makeFolder()];
    expect(await runProgram(words, output)).toBe(1);
    expect(output.notes.join('\n')).toMatch(
      /No MLflow is installed for .*no-python\. The program needs none.* pip install mlflow==3\.17\.2/,
    );
  });

  it.skipIf(process.platform === 'win32')(
    'starts it on the same database, without telemetry and jobs',
    async () => {
      const { python, calls } = makePython('3.17.2');
      const store = makeFolder();
      expect(
        await runProgram(
          ['mlflow', 'ui', '--python', python, '--store', store, '--port', '5017'],
          captureOutput(),
        ),
      ).toBe(0);
      expect(await readCalls(calls)).toBe(
        `true false -m mlflow server --host 127.0.0.1 --port 5017 --workers 1 --backend-store-uri sqlite:///${store}/mlflow.db --artifacts-destination ${store}/artifacts`,
      );
      expect(existsSync(join(store, 'mlflow.db'))).toBe(true);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'shows a copy to an MLflow of another version, and nothing else',
    async () => {
      const { python, calls } = makePython('3.19.0');
      const store = makeFolder();
      openTrackingStore(store).close();
      const output = captureOutput();
      expect(await runProgram(['mlflow', 'ui', '--python', python, '--store', store], output)).toBe(1);
      expect(output.notes.join('\n')).toContain('The installed MLflow is 3.19.0');
      expect(existsSync(calls)).toBe(false);
      expect(
        await runProgram(['mlflow', 'ui', '--python', python, '--store', store, '--copy'], captureOutput()),
      ).toBe(0);
      const called = await readCalls(calls);
      expect(called).not.toContain(`sqlite:///${store}/`);
      expect(called).toContain(`--artifacts-destination ${store}/artifacts`);
      const copied = /sqlite:\/\/\/(\S+)/.exec(called)![1]!;
      expect(existsSync(copied)).toBe(false);
      new DatabaseSync(join(store, 'mlflow.db'), { readOnly: true }).close();
    },
  );
});

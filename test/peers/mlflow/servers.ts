import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTrackingServer } from '../../../main/mlflow/server/tracking-server.ts';
import { PINNED_MLFLOW } from '../../../main/mlflow/store/schema.ts';
import { openTrackingStore } from '../../../main/mlflow/store/tracking-store.ts';
import { findPython } from '../../trainer/find-python.ts';

/** A server of a test, with the folder of its store. */
export interface TestServer {
  readonly url: string;
  readonly folder: string;
  /** Ends it and deletes its folder. */
  close(): Promise<void>;
}

/** A real one, which can be started again on its folder. */
export interface RealServer extends TestServer {
  /** Ends it and leaves its folder as it is. */
  stop(): Promise<void>;
}

/** A slow, loaded machine needs this long to load MLflow. */
export const START_TIMEOUT_MS = 120_000;

/** What MLflow may do in a test: nothing on the network, no jobs. */
export const QUIET = {
  MLFLOW_DISABLE_TELEMETRY: 'true',
  DO_NOT_TRACK: 'true',
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
};

/** The Python with the pinned MLflow; says loudly what is not tried where there is none. */
export function findMlflow(purpose: string): { python: string } | { why: string } {
  const found = findPython('mlflow', PINNED_MLFLOW);
  if ('why' in found) console.warn(`SKIPPED: ${purpose}: ${found.why}`);
  return found;
}

/** Names a Python with MLflow 2 where it is not in `.venv-mlflow2`. */
const MLFLOW_2_VARIABLE = 'OUTERLOOP_MLFLOW2_PYTHON';

/** A Python with the last MLflow 2; says loudly what is not tried where there is none. */
export function findMlflow2(purpose: string): { python: string } | { why: string } {
  const python =
    process.env[MLFLOW_2_VARIABLE] ?? resolve(import.meta.dirname, '../../../.venv-mlflow2/bin/python');
  const version = existsSync(python)
    ? spawnSync(python, ['-c', 'import mlflow; print(mlflow.__version__)'], {
        encoding: 'utf8',
      }).stdout.trim()
    : 'none';
  if (version.startsWith('2.22.')) return { python };
  const why = `MLflow 2.22 is ${version} in .venv-mlflow2 and ${MLFLOW_2_VARIABLE} (python3 -m venv .venv-mlflow2 && .venv-mlflow2/bin/pip install "mlflow==2.22.*" "sqlalchemy<2.1")`;
  console.warn(`SKIPPED: ${purpose}: ${why}`);
  return { why };
}

export const makeFolder = (name: string): string => mkdtempSync(join(tmpdir(), `outerloop-${name}-`));

/** Our server on a store of its own, or on the one in `folder`. */
export async function startOurs(folder = makeFolder('tracking'), token?: string): Promise<TestServer> {
  const store = openTrackingStore(folder);
  const server = await startTrackingServer({ store, token });
  return {
    url: server.url,
    folder,
    close: async () => {
      await server.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The real server, on a database of its own or on the store in `folder`. */
export async function startReal(python: string, folder = makeFolder('mlflow')): Promise<RealServer> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  args.push('--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`);
  args.push('--artifacts-destination', join(folder, 'artifacts'));
  const child = spawn(python, args, {
    cwd: folder,
    env: { ...process.env, ...QUIET },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (log += text.toString()));
  await waitUntilHealthy(child, url, () => log);
  return {
    url,
    folder,
    stop: () => endGroup(child),
    close: async () => {
      await endGroup(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function waitUntilHealthy(child: ChildProcess, url: string, log: () => string): Promise<void> {
  for (const end = Date.now() + START_TIMEOUT_MS; Date.now() < end; await sleep(200)) {
    if (child.exitCode !== null) throw new Error(`mlflow server ended: ${log()}`);
    const isUp = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
  }
  await endGroup(child);
  throw new Error(`mlflow server did not come up: ${log()}`);
}

async function endGroup(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  process.kill(-child.pid, 'SIGTERM');
  const isEnded = await Promise.race([ended.then(() => true), sleep(5000, false, { ref: false })]);
  if (!isEnded) process.kill(-child.pid, 'SIGKILL');
  await ended;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

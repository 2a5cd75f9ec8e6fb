import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../..');
const MB = 1e6;

/** A server that is measured, with how long it took until it answered. */
export interface MeasuredServer {
  readonly name: string;
  readonly url: string;
  readonly startMs: number;
  /** Resident memory of it and of all that it started. */
  readMemoryMb(): number;
  /** The most resident memory that each of them has had so far, summed. */
  readPeakMemoryMb(): number;
  /** Processor time that they have used so far. */
  readCpuMs(): number;
  stop(): Promise<void>;
}

/** `outerloop mlflow serve` on the store in a folder. */
export async function startOurs(folder: string): Promise<MeasuredServer> {
  const port = await findFreePort();
  const args = [
    join(ROOT, 'main/cli/start.js'),
    'mlflow',
    'serve',
    '--no-token',
    '--port',
    String(port),
    '--store',
    folder,
  ];
  return start('outerloop mlflow serve', process.execPath, args, port, folder);
}

/** `mlflow server` with one worker and SQLite on the store in a folder; undefined where .venv has no MLflow. */
export async function startMlflow(folder: string): Promise<MeasuredServer> {
  const port = await findFreePort();
  const args = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  args.push('--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`);
  args.push('--artifacts-destination', join(folder, 'artifacts'));
  return start('mlflow server', join(ROOT, '.venv/bin/python'), args, port, folder);
}

/** What Node takes that has nothing to do. */
export async function measureNodeMemoryMb(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await sleep(500);
  const memoryMb = sumMemoryMb(child, 'VmHWM');
  child.kill();
  return memoryMb;
}

async function start(
  name: string,
  program: string,
  args: readonly string[],
  port: number,
  cwd: string,
): Promise<MeasuredServer> {
  const quiet = {
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  };
  const begin = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...quiet },
    stdio: 'ignore',
    detached: true,
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntilAnswered(url, child);
  return {
    name,
    url,
    startMs: performance.now() - begin,
    readMemoryMb: () => sumMemoryMb(child, 'VmRSS'),
    readPeakMemoryMb: () => sumMemoryMb(child, 'VmHWM'),
    readCpuMs: () => readTree(child.pid!).reduce((sum, pid) => sum + readCpu(pid), 0),
    stop: () => stop(child),
  };
}

async function waitUntilAnswered(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const isUp = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await sleep(2);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolveEnd) => child.once('exit', resolveEnd));
  if (child.exitCode !== null) return;
  process.kill(-child.pid!, 'SIGTERM');
  const isEnded = await Promise.race([ended.then(() => true), sleep(5000, false, { ref: false })]);
  if (!isEnded) process.kill(-child.pid!, 'SIGKILL');
  await ended;
}

/** A process and its descendants. */
function readTree(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number);
    return [pid, ...children.flatMap(readTree)];
  } catch {
    return [];
  }
}

/** Resident memory of a process, now or at its highest, as Linux counts it. */
type MemoryField = 'VmRSS' | 'VmHWM';

function sumMemoryMb({ pid }: ChildProcess, field: MemoryField): number {
  return readTree(pid!).reduce((sum, each) => sum + readMemory(each, field), 0) / MB;
}

function readMemory(pid: number, field: MemoryField): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? '0') * 1024;
}

const TICK_MS = 10;

function readCpu(pid: number): number {
  // the name of the program, in brackets, may hold spaces
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

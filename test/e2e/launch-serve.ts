import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** Running trainers write their checkpoints first. */
const STOP_MS = 60_000;
const root = resolve(import.meta.dirname, '../..');

/** The program as `npm run serve` runs it once it is built, in a home of its own. */
export interface Served {
  /** Holds the token; the same after a restart. */
  readonly url: string;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** @param home absolute path of the folder that it takes for its user's home */
export async function launchServe(home: string): Promise<Served> {
  const port = await findFreePort();
  let child: ChildProcess;
  let url = '';
  const start = async (): Promise<void> => {
    child = spawn(
      process.execPath,
      [join(root, 'dist/program/outerloop.js'), 'serve', '--no-open', '--json', '--port', `${port}`],
      {
        env: { ...process.env, HOME: home, USERPROFILE: home, OUTERLOOP_DATA: join(home, 'data') },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    for await (const line of createInterface({ input: child.stdout! })) {
      ({ url } = JSON.parse(line) as { url: string });
      return;
    }
    throw new Error('serve ended before it said where it is');
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const isLate = await Promise.race([ended.then(() => false), sleep(STOP_MS, true, { ref: false })]);
    if (!isLate) return;
    child.kill('SIGKILL');
    await ended;
    throw new Error(`serve did not end within ${STOP_MS} ms of ${signal}`);
  };
  // A test run that is cut short leaves no program behind.
  process.once('exit', () => child.kill('SIGKILL'));
  await start();
  return { url, start, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { backendMessage, type BackendMessage, type HostMessage } from '../backend/host-protocol.ts';

export interface BackendSpec {
  /** Absolute path of the Node that runs it: a real one, since Electron's own ends on native allocations above 2 GiB. */
  readonly node: string;
  /** Absolute path of main/backend/main.ts, or of what was built of it. */
  readonly entry: string;
  /** Absolute path of the file that gets its stdout and stderr. */
  readonly logFile: string;
  readonly onMessage: (message: BackendMessage) => void;
  /** It has ended by itself. */
  readonly onLost: () => void;
}

/** Variables that mean something to Electron's own Node and nothing good to another. */
const DROPPED_VARIABLES = /^(ELECTRON_|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$)/;

/** The program behind the windows, as a process. */
export class BackendProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<void>;
  #isStopping = false;

  constructor({ node, entry, logFile, onMessage, onLost }: BackendSpec) {
    this.#child = forkWithLog(node, entry, logFile);
    this.#child.on('message', (raw) => {
      const message = backendMessage.safeParse(raw);
      if (message.success) onMessage(message.data);
    });
    this.#exit = new Promise((resolve) => {
      const end = (): void => {
        resolve();
        if (!this.#isStopping) onLost();
        this.#isStopping = true;
      };
      this.#child.once('exit', end);
      this.#child.once('error', end);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: HostMessage): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Lets it stop what goes on, so that it can be resumed; ends it by force after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    this.send({ type: 'stop' });
    const timer = new AbortController();
    const late = sleep(graceMs, true, { signal: timer.signal }).catch(() => false);
    if (await Promise.race([this.#exit.then(() => false), late])) this.#child.kill('SIGKILL');
    timer.abort();
    await this.#exit;
  }
}

function forkWithLog(node: string, entry: string, logFile: string): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  const log = openSync(logFile, 'w', 0o600);
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !DROPPED_VARIABLES.test(name)),
  );
  try {
    return fork(entry, [], { execPath: node, execArgv: [], env, stdio: ['ignore', log, log, 'ipc'] });
  } finally {
    closeSync(log);
  }
}

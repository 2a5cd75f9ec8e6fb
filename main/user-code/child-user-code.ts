import { fork, type ChildProcess } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FaultError } from '../../common/fault.ts';
import { listCode } from './list-code.ts';
import type { UserCode, UserComponent, UserComponents } from '../ports/user-code.ts';
import { locateUserModule } from './locate-user-module.ts';
import type { FromUserCode, ToUserCode } from './messages.ts';
import type { PendingCall, Request, UserCodeChannel } from './channel.ts';
import { makeProxy } from './proxies.ts';

const program = resolve(import.meta.dirname, '../..');
const entry = join(import.meta.dirname, 'child.ts');

/**
 * Runs a trusted MMAR's own components in child processes with Node's permission model: they read the program, the
 * given folders and nothing else, write the given folders, load no native add-ons and start no worker threads. Executors may start processes,
 * since that is what executors do. One child for controllers and handlers, and one for an executor.
 */
export class ChildUserCode implements UserCode {
  readonly #readable: readonly string[];
  readonly #writable: readonly string[];
  readonly #children = new Map<'executor' | 'others', Child>();
  #nextObject = 1;

  /**
   * @param readable absolute folders that the code may read: the MMAR's, and that of its code where it is another
   * @param writable absolute folders that the code may write to and read from: the run's
   */
  constructor(readable: readonly string[], writable: readonly string[]) {
    this.#readable = readable.map((folder) => realpathSync(folder));
    this.#writable = writable;
  }

  async load<Kind extends keyof UserComponents>(
    component: UserComponent<Kind>,
  ): Promise<UserComponents[Kind]> {
    const { kind, path, args } = component;
    const { file, className } = locateUserModule(path, component.mmarRoot);
    const code = await listCode(component.mmarRoot);
    const child = this.#childFor(kind === 'executor' ? 'executor' : 'others');
    const object = this.#nextObject++;
    const methods = await new Promise<readonly string[]>((settle, fail) =>
      child.send(
        { type: 'load', object, kind, file, className, path, args, code },
        {
          reply: ({ value, fault }) =>
            fault === undefined ? settle(value as readonly string[]) : fail(new FaultError(fault)),
          fail,
        },
      ),
    );
    return makeProxy(kind, child, { path, object, methods });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.close()));
    this.#children.clear();
  }

  #childFor(purpose: 'executor' | 'others'): Child {
    let child = this.#children.get(purpose);
    if (child === undefined) {
      const readable = [program, ...this.#readable, ...this.#writable];
      child = new Child([
        '--permission',
        ...readable.map((folder) => `--allow-fs-read=${join(folder, '*')}`),
        ...this.#writable.map((folder) => `--allow-fs-write=${join(folder, '*')}`),
        ...(purpose === 'executor' ? ['--allow-child-process'] : []),
      ]);
      this.#children.set(purpose, child);
    }
    return child;
  }
}

class Child implements UserCodeChannel {
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, PendingCall>();
  readonly #gone: Promise<void>;
  #nextCall = 1;
  #ending: string | undefined;
  readonly #kill = (): void => void this.#process.kill('SIGKILL');

  constructor(execArgv: string[]) {
    // stdout belongs to the program, which may be writing JSON lines there.
    this.#process = fork(entry, [], { execArgv, serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] });
    process.once('exit', this.#kill);
    this.#process.on('message', (message) => this.#receive(message as FromUserCode));
    this.#gone = new Promise((settle) => {
      this.#process.once('error', (error) => this.#end(error.message, settle));
      this.#process.once('exit', (code, signal) => this.#end(signal ?? `exit code ${String(code)}`, settle));
    });
  }

  send(request: Request, pending: PendingCall): number {
    const call = this.#nextCall++;
    if (this.#ending !== undefined) {
      pending.fail(endedFault(this.#ending));
      return call;
    }
    this.#pending.set(call, pending);
    this.#process.send({ ...request, call });
    return call;
  }

  abort(call: number, reason: string): void {
    if (this.#ending === undefined) this.#process.send({ type: 'abort', call, reason } satisfies ToUserCode);
  }

  async close(): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    const force = setTimeout(this.#kill, 2000);
    await this.#gone;
    clearTimeout(force);
  }

  #receive(message: FromUserCode): void {
    const pending = this.#pending.get(message.call);
    if (message.type !== 'reply') pending?.note?.(message);
    else {
      this.#pending.delete(message.call);
      pending?.reply(message);
    }
  }

  #end(how: string, settle: () => void): void {
    this.#ending = how;
    process.off('exit', this.#kill);
    for (const pending of this.#pending.values()) pending.fail(endedFault(how));
    this.#pending.clear();
    settle();
  }
}

const endedFault = (how: string): FaultError =>
  new FaultError({ code: 'user-code', message: `The process of the MMAR's own code has ended (${how}).` });

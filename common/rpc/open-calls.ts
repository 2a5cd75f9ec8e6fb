import type { CallSignal } from './call-signal.ts';
import type { ClientFrame } from './frame.ts';
import { cancelled, disconnected, type Line } from './line.ts';
import type { RpcError } from './rpc-error.ts';

interface OpenCall {
  readonly frame: Extract<ClientFrame, { type: 'call' }>;
  readonly isQuery: boolean;
  isSent: boolean;
  resolve(output: unknown): void;
  reject(error: RpcError): void;
}

/** The queries and commands that wait for their answers. */
export class OpenCalls {
  readonly #line: Line;
  readonly #calls = new Map<number, OpenCall>();

  constructor(line: Line) {
    this.#line = line;
  }

  /**
   * Sends a call, or keeps it until the line is open. A command is not kept while the line is lost: it would be carried
   * out at some later moment, when its user thinks of something else.
   */
  make(operation: string, isQuery: boolean, input: unknown, signal?: CallSignal): Promise<unknown> {
    if (signal?.aborted === true) return Promise.reject(cancelled());
    if (this.#line.refusal !== undefined) return Promise.reject(this.#line.refusal);
    if (this.#line.state === 'lost' && !isQuery) return Promise.reject(disconnected());
    const id = this.#line.nextId();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#settle(id)?.reject(cancelled());
        if (this.#line.state === 'open') this.#line.post({ type: 'cancel', id });
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const forget = (): void => signal?.removeEventListener('abort', onAbort);
      const call: OpenCall = {
        frame: { type: 'call', id, operation, input },
        isQuery,
        isSent: false,
        resolve: (output) => (forget(), resolve(output)),
        reject: (error) => (forget(), reject(error)),
      };
      this.#calls.set(id, call);
      if (this.#line.state === 'open') this.#send(call);
    });
  }

  /** The line is open: sends what has waited for it and asks again what was not answered. */
  resume(): void {
    for (const call of [...this.#calls.values()]) this.#send(call);
  }

  /** The line is lost. A command that was sent may have been carried out: only its caller can know what to do. */
  lose(): void {
    for (const [id, call] of this.#calls)
      if (!call.isQuery && call.isSent) this.#settle(id)?.reject(disconnected());
  }

  resolve(id: number, output: unknown): void {
    this.#settle(id)?.resolve(output);
  }

  reject(id: number, error: RpcError): void {
    this.#settle(id)?.reject(error);
  }

  /** Nothing will be answered any more. */
  rejectAll(error: RpcError): void {
    for (const id of [...this.#calls.keys()]) this.reject(id, error);
  }

  #send(call: OpenCall): void {
    call.isSent = true;
    this.#line.post(call.frame);
  }

  #settle(id: number): OpenCall | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    return call;
  }
}

import { FaultError } from '../../common/fault.ts';
import type { BackendMessage, HostMessage, HostMethod } from './host-protocol.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What is asked of Electron and answered by it. */
export class HostCalls {
  readonly #send: (message: BackendMessage) => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastCall = 0;

  constructor(send: (message: BackendMessage) => void) {
    this.#send = send;
  }

  /** @throws FaultError as Electron's side does */
  call(method: HostMethod, input: unknown): Promise<unknown> {
    const call = ++this.#lastCall;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#send({ type: 'call', call, method, input });
    });
  }

  receive({ call, value, faults, defect }: Extract<HostMessage, { type: 'reply' }>): void {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (faults !== undefined) waiting?.reject(new FaultError(...faults));
    else if (defect !== undefined) waiting?.reject(new Error(defect));
    else waiting?.resolve(value);
  }
}

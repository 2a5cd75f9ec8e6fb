import type { CallSignal } from './call-signal.ts';
import type { Channel } from './channel.ts';
import {
  describeContract,
  findOperation,
  type Api,
  type CallOptions,
  type Client,
  type StreamOperation,
} from './contract.ts';
import { ItemQueue } from './item-queue.ts';
import { RPC_PROTOCOL, serverFrame, STREAM_CREDIT, type ClientFrame, type ServerFrame } from './frame.ts';
import { RpcError } from './rpc-error.ts';

/** The window's side of a contract over one channel after another. */
export interface ApiConnection<A extends Api> {
  readonly client: Client<A>;
  /**
   * Speaks over this channel from now on. Settles when main has answered; rejects with `refused` when main speaks
   * another version, and with `disconnected` when the channel closes before. Queries that wait are asked again and
   * streams go on after their last item.
   */
  attach(channel: Channel): Promise<void>;
}

/** @param onLost called when an attached channel closes: attach another one */
export function connectApi<A extends Api>(api: A, onLost: () => void = () => undefined): ApiConnection<A> {
  const calls = new Calls(api, onLost);
  const client = Object.fromEntries(
    Object.entries(api).map(([noun, operations]) => [
      noun,
      Object.fromEntries(
        Object.entries(operations).map(([verb, operation]) => {
          const name = `${noun}.${verb}`;
          return [
            verb,
            operation.kind === 'stream'
              ? (input: unknown, options?: CallOptions) => calls.open(name, input, options?.signal)
              : (input: unknown, options?: CallOptions) => calls.call(name, input, options?.signal),
          ];
        }),
      ),
    ]),
  );
  return { client: client as Client<A>, attach: (channel) => calls.attach(channel) };
}

interface PendingCall {
  readonly frame: Extract<ClientFrame, { type: 'call' }>;
  readonly isQuery: boolean;
  isSent: boolean;
  resolve(output: unknown): void;
  reject(error: RpcError): void;
}

interface OpenStream {
  readonly name: string;
  readonly operation: StreamOperation;
  /** Where to begin when the channel is another one. */
  input: unknown;
  readonly items: ItemQueue<unknown>;
}

const disconnected = (): RpcError =>
  new RpcError({ code: 'disconnected', message: 'The connection to the program was lost.' });
const cancelled = (): RpcError => new RpcError({ code: 'cancelled', message: 'The call was cancelled.' });

class Calls {
  readonly #api: Api;
  readonly #onLost: () => void;
  readonly #pending = new Map<number, PendingCall>();
  readonly #streams = new Map<number, OpenStream>();
  #channel: Channel | undefined;
  #isGreeted = false;
  #lastId = 0;

  constructor(api: Api, onLost: () => void) {
    this.#api = api;
    this.#onLost = onLost;
  }

  attach(channel: Channel): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#channel = channel;
      channel.onClose(() => {
        if (this.#channel !== channel) return;
        this.#channel = undefined;
        const wasGreeted = this.#isGreeted;
        this.#isGreeted = false;
        this.#loseCommands();
        if (wasGreeted) this.#onLost();
        else reject(disconnected());
      });
      channel.onFrame((raw) => {
        if (this.#channel !== channel) return;
        const frame = serverFrame.parse(raw);
        if (frame.type === 'welcome') {
          this.#isGreeted = true;
          this.#sendAll();
          resolve();
        } else if (frame.type === 'refused') {
          reject(new RpcError({ code: 'refused', message: frame.reason }));
          channel.close();
        } else this.#receive(frame);
      });
      this.#post({ type: 'hello', protocol: RPC_PROTOCOL, contract: describeContract(this.#api) });
    });
  }

  call(name: string, input: unknown, signal?: CallSignal): Promise<unknown> {
    if (signal?.aborted === true) return Promise.reject(cancelled());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        if (!this.#pending.delete(id)) return;
        if (this.#isGreeted) this.#post({ type: 'cancel', id });
        reject(cancelled());
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const settle = (): void => signal?.removeEventListener('abort', onAbort);
      const call: PendingCall = {
        frame: { type: 'call', id, operation: name, input },
        isQuery: findOperation(this.#api, name)?.kind === 'query',
        isSent: false,
        resolve: (output) => {
          settle();
          resolve(output);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#pending.set(id, call);
      if (this.#isGreeted) this.#send(call);
    });
  }

  async *open(name: string, input: unknown, signal?: CallSignal): AsyncGenerator<unknown> {
    if (signal?.aborted === true) return;
    const operation = findOperation(this.#api, name) as StreamOperation;
    const id = ++this.#lastId;
    const items = new ItemQueue<unknown>();
    const opened: OpenStream = { name, operation, input, items };
    const onAbort = (): void => items.end();
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#streams.set(id, opened);
    if (this.#isGreeted) this.#sendOpen(id, opened);
    let taken = 0;
    try {
      for await (const item of items) {
        // Before the listener works on it: a connection lost meanwhile goes on after this item.
        if (operation.resume !== undefined) opened.input = operation.resume(opened.input, item);
        if (++taken % (STREAM_CREDIT / 2) === 0 && this.#isGreeted && this.#streams.has(id))
          this.#post({ type: 'credit', id, amount: STREAM_CREDIT / 2 });
        yield item;
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      if (this.#streams.delete(id) && this.#isGreeted) this.#post({ type: 'cancel', id });
    }
  }

  #sendAll(): void {
    for (const call of this.#pending.values()) this.#send(call);
    for (const [id, opened] of this.#streams) {
      // What waits in the queue came over the old channel and is not yet part of the input: it comes again.
      opened.items.clear();
      this.#sendOpen(id, opened);
    }
  }

  #send(call: PendingCall): void {
    call.isSent = true;
    this.#post(call.frame);
  }

  #sendOpen(id: number, { name, input }: OpenStream): void {
    this.#post({ type: 'open', id, operation: name, input, credit: STREAM_CREDIT });
  }

  /** A command that was sent may have been carried out: only its caller can know what to do. */
  #loseCommands(): void {
    for (const [id, call] of this.#pending) {
      if (call.isQuery || !call.isSent) continue;
      this.#pending.delete(id);
      call.reject(disconnected());
    }
  }

  #receive(frame: Exclude<ServerFrame, { type: 'welcome' | 'refused' }>): void {
    const { id } = frame;
    const call = this.#pending.get(id);
    const opened = this.#streams.get(id);
    if (frame.type === 'item') opened?.items.push(frame.item);
    else if (frame.type === 'result') call?.resolve(frame.output);
    else if (frame.type === 'end') opened?.items.end();
    else {
      const error = new RpcError(frame.error);
      call?.reject(error);
      opened?.items.fail(error);
    }
    if (frame.type !== 'item') {
      this.#pending.delete(id);
      this.#streams.delete(id);
    }
  }

  #post(frame: ClientFrame): void {
    this.#channel?.post(frame);
  }
}

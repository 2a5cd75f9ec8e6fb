import type { Channel } from './channel.ts';
import type { Api, CallOptions, Client, Operation } from './contract.ts';
import { describeContract } from './describe-contract.ts';
import { RPC_PROTOCOL, serverFrame, type ClientFrame, type ServerFrame } from './frame.ts';
import { disconnected, type Line } from './line.ts';
import { OpenCalls } from './open-calls.ts';
import { OpenStreams } from './open-streams.ts';
import { RpcError } from './rpc-error.ts';

/** The window's side of a contract over one channel after another. */
export interface ApiConnection<A extends Api> {
  readonly client: Client<A>;
  /**
   * Speaks over this channel from now on; one that was attached before is closed. Settles when main has answered; rejects
   * with `refused` when main speaks another version, and with `disconnected` when the channel closes before. Queries that
   * wait are asked again and streams go on after their last item.
   */
  attach(channel: Channel): Promise<void>;
}

/**
 * @param onLost called when an attached channel has closed: attach another one. With an error when main has refused to go
 *   on: it would refuse again, and nothing is answered any more
 * @param contract default: found out of the api
 */
export function connectApi<A extends Api>(
  api: A,
  onLost: (refusal?: RpcError) => void = () => undefined,
  contract: string = describeContract(api),
): ApiConnection<A> {
  const line = new ChannelLine(contract, onLost);
  const client = mapValues(api, (operations, noun) =>
    mapValues(operations, (operation, verb) => makeCaller(line, `${noun}.${verb}`, operation)),
  );
  return { client: client as Client<A>, attach: (channel) => line.attach(channel) };
}

function makeCaller(
  line: ChannelLine,
  name: string,
  operation: Operation,
): (input: unknown, options?: CallOptions) => unknown {
  return operation.kind === 'stream'
    ? (input, options) => line.streams.open(name, operation, input, options?.signal)
    : (input, options) => line.calls.make(name, operation.kind === 'query', input, options?.signal);
}

function mapValues<T, U>(
  values: Readonly<Record<string, T>>,
  map: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value, key)]));
}

class ChannelLine implements Line {
  readonly calls = new OpenCalls(this);
  readonly streams = new OpenStreams(this);
  readonly #contract: string;
  readonly #onLost: (refusal?: RpcError) => void;
  #state: Exclude<Line['state'], 'refused'> = 'new';
  #refusal: RpcError | undefined;
  #channel: Channel | undefined;
  #lastId = 0;

  constructor(contract: string, onLost: (refusal?: RpcError) => void) {
    this.#contract = contract;
    this.#onLost = onLost;
  }

  get state(): Line['state'] {
    return this.#refusal === undefined ? this.#state : 'refused';
  }

  get refusal(): RpcError | undefined {
    return this.#refusal;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  post(frame: ClientFrame): void {
    this.#channel?.post(frame);
  }

  attach(channel: Channel): Promise<void> {
    const old = this.#channel;
    this.#lose();
    this.#channel = channel;
    old?.close();
    return new Promise((resolve, reject) => {
      const greeting: Greeting = { isOver: false, resolve, reject };
      channel.onClose(() => {
        if (!greeting.isOver) reject(disconnected());
        if (this.#channel !== channel) return;
        this.#lose();
        if (greeting.isOver) this.#onLost();
      });
      channel.onFrame((raw) => {
        const frame = serverFrame.safeParse(raw);
        if (this.#channel !== channel || !frame.success) channel.close();
        else this.#receive(frame.data, greeting);
      });
      this.post({ type: 'hello', protocol: RPC_PROTOCOL, contract: this.#contract });
    });
  }

  #receive(frame: ServerFrame, greeting: Greeting): void {
    switch (frame.type) {
      case 'welcome':
        return this.#open(greeting);
      case 'refused':
        return this.#refuse(new RpcError({ code: 'refused', message: frame.reason }), greeting);
      case 'result':
        return this.calls.resolve(frame.id, frame.output);
      case 'item':
        return this.streams.push(frame.id, frame.item);
      case 'end':
        return this.streams.end(frame.id);
      case 'error': {
        const error = new RpcError(frame.error);
        this.calls.reject(frame.id, error);
        return this.streams.fail(frame.id, error);
      }
    }
  }

  #open(greeting: Greeting): void {
    if (greeting.isOver) return;
    greeting.isOver = true;
    this.#state = 'open';
    this.calls.resume();
    this.streams.resume();
    greeting.resolve();
  }

  /** The channel has closed, or another one takes its place. */
  #lose(): void {
    this.#channel = undefined;
    if (this.#state !== 'open') return;
    this.#state = 'lost';
    this.calls.lose();
  }

  #refuse(error: RpcError, greeting: Greeting): void {
    const channel = this.#channel;
    this.#channel = undefined;
    this.#refusal = error;
    this.calls.rejectAll(error);
    this.streams.failAll(error);
    if (greeting.isOver) this.#onLost(error);
    else greeting.reject(error);
    greeting.isOver = true;
    channel?.close();
  }
}

/** What came of the first frame over one channel. */
interface Greeting {
  isOver: boolean;
  resolve(): void;
  reject(error: RpcError): void;
}

import type { CallSignal } from './call-signal.ts';
import type { StreamOperation } from './contract.ts';
import { STREAM_CREDIT } from './frame.ts';
import { ItemQueue } from './item-queue.ts';
import type { Line } from './line.ts';
import type { RpcError } from './rpc-error.ts';

interface OpenStream {
  readonly name: string;
  /** Where to begin when the channel is another one. */
  input: unknown;
  readonly items: ItemQueue<unknown>;
  /** Channels over which it was opened. */
  channelCount: number;
  /** Items of the present channel that the listener is done with. */
  taken: number;
}

/** Credit is given back in halves, so that the source goes on while the listener works. */
const CREDIT_STEP = STREAM_CREDIT / 2;

/** The streams that somebody listens to. */
export class OpenStreams {
  readonly #line: Line;
  readonly #streams = new Map<number, OpenStream>();

  constructor(line: Line) {
    this.#line = line;
  }

  /** Opens with the first item that is asked for. Ends quietly when the signal aborts, also between items. */
  async *open(
    name: string,
    { resume }: StreamOperation,
    input: unknown,
    signal?: CallSignal,
  ): AsyncGenerator<unknown> {
    if (signal?.aborted === true) return;
    if (this.#line.refusal !== undefined) throw this.#line.refusal;
    const id = this.#line.nextId();
    const stream: OpenStream = { name, input, items: new ItemQueue(), channelCount: 0, taken: 0 };
    const stop = (): void => {
      stream.items.clear();
      stream.items.end();
      if (this.#streams.delete(id) && this.#line.state === 'open') this.#line.post({ type: 'cancel', id });
    };
    signal?.addEventListener('abort', stop, { once: true });
    this.#streams.set(id, stream);
    if (this.#line.state === 'open') this.#send(id, stream);
    try {
      for await (const item of stream.items) {
        // Before the listener works on it: a connection that is lost meanwhile goes on after this item.
        if (resume !== undefined) stream.input = resume(stream.input, item);
        const { channelCount } = stream;
        yield item;
        // Only now is the listener done with it. What came over an old channel earns nothing on the new one.
        if (stream.channelCount === channelCount) this.#giveCredit(id, stream);
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      stop();
    }
  }

  /** The line is open: every stream goes on after the last item that its listener took. */
  resume(): void {
    for (const [id, stream] of this.#streams) {
      // What waits in the queue came over the old channel and is not yet part of the input: it comes again.
      stream.items.clear();
      this.#send(id, stream);
    }
  }

  push(id: number, item: unknown): void {
    this.#streams.get(id)?.items.push(item);
  }

  end(id: number): void {
    this.#streams.get(id)?.items.end();
    this.#streams.delete(id);
  }

  fail(id: number, error: RpcError): void {
    this.#streams.get(id)?.items.fail(error);
    this.#streams.delete(id);
  }

  /** Nothing will come any more. */
  failAll(error: RpcError): void {
    for (const id of [...this.#streams.keys()]) this.fail(id, error);
  }

  #send(id: number, stream: OpenStream): void {
    stream.channelCount++;
    stream.taken = 0;
    const { name, input } = stream;
    this.#line.post({ type: 'open', id, operation: name, input, credit: STREAM_CREDIT });
  }

  #giveCredit(id: number, stream: OpenStream): void {
    if (++stream.taken % CREDIT_STEP !== 0) return;
    if (this.#line.state === 'open' && this.#streams.has(id))
      this.#line.post({ type: 'credit', id, amount: CREDIT_STEP });
  }
}

import { FaultError } from '../fault.ts';
import { openCallController } from './call-signal.ts';
import type { Channel } from './channel.ts';
import { findOperation, type Api, type ApiHandlers, type Call } from './contract.ts';
import { Credit } from './credit.ts';
import { describeContract } from './describe-contract.ts';
import { clientFrame, RPC_PROTOCOL, type ClientFrame, type RpcErrorBody, type ServerFrame } from './frame.ts';

/** What the server tells the program that runs it. */
export interface ServeOptions {
  /**
   * Hears of every defect (an exception that is no {@link FaultError}) and gives it a name that the window can show, so
   * that it is found in the log.
   */
  readonly onDefect: (error: unknown, operation: string) => string;
  /** What the window has to say that it speaks; default: found out of the api. */
  readonly contract?: () => string;
}

type AnyHandler = (input: unknown, call: Call) => Promise<unknown> & AsyncIterable<unknown>;

/**
 * Answers one window until its channel closes: every frame and every input is parsed, every output too. Streams are
 * pulled: a listener that does not give credit stops its source, so memory stays bounded.
 */
export function serveApi<A extends Api>(
  api: A,
  handlers: ApiHandlers<A>,
  channel: Channel,
  options: ServeOptions,
): void {
  const session = new Session(api, handlers, channel, options);
  channel.onFrame((frame) => session.receive(frame));
  channel.onClose(() => session.close());
}

interface OpenCall {
  abort(): void;
  addCredit(amount: number): void;
}

class Session {
  readonly #api: Api;
  readonly #handlers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly #channel: Channel;
  readonly #options: ServeOptions;
  readonly #calls = new Map<number, OpenCall>();
  #isGreeted = false;
  /** What arrives after the end was sent before the window heard of it: it must not be carried out. */
  #isOver = false;

  constructor(
    api: Api,
    handlers: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
    channel: Channel,
    options: ServeOptions,
  ) {
    this.#api = api;
    this.#handlers = handlers;
    this.#channel = channel;
    this.#options = options;
  }

  receive(raw: unknown): void {
    if (this.#isOver) return;
    const parsed = clientFrame.safeParse(raw);
    if (!parsed.success) return this.#refuse('a frame was not understood');
    const frame = parsed.data;
    if (frame.type === 'hello') return this.#greet(frame);
    if (!this.#isGreeted) return this.#refuse('the first frame has to be a hello');
    switch (frame.type) {
      case 'call':
      case 'open':
        return this.#begin(frame);
      case 'credit':
        return this.#calls.get(frame.id)?.addCredit(frame.amount);
      case 'cancel':
        return this.#calls.get(frame.id)?.abort();
    }
  }

  close(): void {
    this.#isOver = true;
    for (const call of this.#calls.values()) call.abort();
    this.#calls.clear();
  }

  get #contract(): string {
    return this.#options.contract?.() ?? describeContract(this.#api);
  }

  #greet(frame: Extract<ClientFrame, { type: 'hello' }>): void {
    if (this.#isGreeted) return this.#refuse('a window says hello once');
    if (frame.protocol !== RPC_PROTOCOL || frame.contract !== this.#contract)
      return this.#refuse('the window belongs to another version of the program: reload it');
    this.#isGreeted = true;
    this.#post({ type: 'welcome', protocol: RPC_PROTOCOL });
  }

  #refuse(reason: string): void {
    this.#post({ type: 'refused', reason });
    this.close();
    this.#channel.close();
  }

  #begin(frame: Extract<ClientFrame, { type: 'call' | 'open' }>): void {
    const { id } = frame;
    if (this.#calls.has(id)) return this.#refuse('a call was numbered twice');
    const operation = findOperation(this.#api, frame.operation);
    if (operation === undefined || (operation.kind === 'stream') !== (frame.type === 'open'))
      return this.#fail(id, {
        code: 'unknown-operation',
        message: `There is no such operation: ${frame.operation}.`,
      });
    const input = operation.input.safeParse(frame.input);
    if (!input.success) {
      const [issue] = input.error.issues;
      const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
      return this.#fail(id, { code: 'bad-input', message: `${frame.operation}${where}: ${issue?.message}` });
    }
    const controller = openCallController();
    const credit = new Credit(frame.type === 'open' ? frame.credit : 0);
    this.#calls.set(id, {
      abort: () => {
        controller.abort();
        credit.release();
      },
      addCredit: (amount) => credit.add(amount),
    });
    const call: Call = { signal: controller.signal };
    const work =
      operation.kind === 'stream'
        ? this.#pull(id, frame.operation, input.data, call, credit)
        : this.#answer(id, frame.operation, input.data, call);
    void work.catch((error: unknown) => this.#fail(id, this.#describeError(error, frame.operation, call)));
  }

  #handler(name: string): AnyHandler {
    const [noun, verb] = name.split('.') as [string, string];
    return this.#handlers[noun]![verb] as AnyHandler;
  }

  async #answer(id: number, name: string, input: unknown, call: Call): Promise<void> {
    const operation = findOperation(this.#api, name);
    const output = await this.#handler(name)(input, call);
    if (operation === undefined || operation.kind === 'stream') return;
    const parsed = operation.output.parse(output);
    this.#calls.delete(id);
    this.#post({ type: 'result', id, output: parsed });
  }

  async #pull(id: number, name: string, input: unknown, call: Call, credit: Credit): Promise<void> {
    const operation = findOperation(this.#api, name);
    if (operation?.kind !== 'stream') return;
    const items = this.#handler(name)(input, call)[Symbol.asyncIterator]();
    try {
      for (;;) {
        await credit.take();
        if (call.signal.aborted) break;
        const next = await items.next();
        if (next.done === true || call.signal.aborted) break;
        this.#post({ type: 'item', id, item: operation.item.parse(next.value) });
      }
    } finally {
      await items.return?.();
    }
    if (this.#calls.delete(id)) this.#post({ type: 'end', id });
  }

  #describeError(error: unknown, operation: string, call: Call): RpcErrorBody {
    if (call.signal.aborted) return { code: 'cancelled', message: 'The call was cancelled.' };
    if (error instanceof FaultError)
      return { code: 'fault', message: error.message, faults: [...error.faults] };
    const correlation = this.#options.onDefect(error, operation);
    return {
      code: 'internal',
      message: `Something went wrong inside the program. The log names it ${correlation}.`,
      correlation,
    };
  }

  #fail(id: number, error: RpcErrorBody): void {
    this.#calls.delete(id);
    this.#post({ type: 'error', id, error });
  }

  #post(frame: ServerFrame): void {
    this.#channel.post(frame);
  }
}

import type { Api } from '../../common/rpc/contract.ts';
import type { Channel } from '../../common/rpc/channel.ts';
import { connectApi, type ApiConnection } from '../../common/rpc/connect-api.ts';
import { LockedOut } from './socket-channel.ts';
import { RpcError } from '../../common/rpc/rpc-error.ts';

/** `locked`: main is there and has to be given its token; another window of this browser can do that. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'locked' | 'refused';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;

/** Keeps the window connected: dials again until main is there. What was typed stays in the window meanwhile. */
export class Connection<A extends Api> {
  #state = $state<ConnectionState>('connecting');
  #refusal = $state<string>();
  readonly #dial: () => Promise<Channel>;
  readonly #connection: ApiConnection<A>;
  #wake: (() => void) | undefined;

  /** @param contract default: found out of the api */
  constructor(api: A, dial: () => Promise<Channel>, contract?: string) {
    this.#dial = dial;
    const onLost = (refusal?: RpcError): void => {
      if (refusal !== undefined) return this.#giveUp(refusal);
      this.#state = 'lost';
      void this.#reach();
    };
    this.#connection = connectApi(api, onLost, contract);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Why main does not speak with this window, e.g. because it was updated meanwhile. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  get client(): ApiConnection<A>['client'] {
    return this.#connection.client;
  }

  /** Begins to dial. */
  open(): void {
    void this.#reach();
  }

  /** Dials now instead of after the pause. */
  retry(): void {
    this.#wake?.();
  }

  async #reach(): Promise<void> {
    for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
      try {
        await this.#connection.attach(await this.#dial());
        this.#state = 'open';
        return;
      } catch (error) {
        if (error instanceof RpcError && error.code === 'refused') return this.#giveUp(error);
        this.#state = error instanceof LockedOut ? 'locked' : 'lost';
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, delayMs);
      });
    }
  }
  #giveUp(refusal: RpcError): void {
    this.#state = 'refused';
    this.#refusal = refusal.message;
  }
}

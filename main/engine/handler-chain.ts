import type { JobRecord } from '../../common/run/job-record.ts';
import type { Context } from './context.ts';
import { handlerMethods, type HandlerEvent, type NamedHandler } from './handler.ts';

/** Told when a handler throws. */
export type HandlerFailed = (handler: string, event: HandlerEvent, context: Context, error: unknown) => void;

/**
 * Brings events to the handlers, one handler after the other in the configured order (shutdown: in reverse). Events
 * that happen at the same time, as starts of jobs do, never overlap within one handler.
 */
export class HandlerChain {
  readonly #handlers: readonly NamedHandler[];
  readonly #failed: HandlerFailed;
  readonly #busy = new Map<NamedHandler, Promise<void>>();

  constructor(handlers: readonly NamedHandler[], failed: HandlerFailed) {
    this.#handlers = handlers;
    this.#failed = failed;
  }

  /** Settles when every handler has dealt with the event; never rejects. */
  async fire(event: HandlerEvent, context: Context, ended: readonly JobRecord[] = []): Promise<void> {
    const order = event === 'shutdown' ? this.#handlers.toReversed() : this.#handlers;
    for (const handler of order) {
      if (handler.handler[handlerMethods[event]] === undefined) continue;
      await this.#inTurn(handler, () => this.#call(handler, event, context, ended));
    }
  }

  #inTurn(handler: NamedHandler, call: () => Promise<void>): Promise<void> {
    const turn = (this.#busy.get(handler) ?? Promise.resolve()).then(call);
    this.#busy.set(handler, turn);
    return turn;
  }

  async #call(
    { name, handler }: NamedHandler,
    event: HandlerEvent,
    context: Context,
    ended: readonly JobRecord[],
  ): Promise<void> {
    try {
      if (event === 'restore') await handler.restore?.(context, ended);
      else await handler[handlerMethods[event]]?.(context);
    } catch (error) {
      this.#failed(name, event, context, error);
    }
  }
}

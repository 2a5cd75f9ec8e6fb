import type { ClientFrame } from './frame.ts';
import { RpcError } from './rpc-error.ts';

/** The window's line to main, as its calls and streams see it. It outlives the channels that carry it. */
export interface Line {
  /** `new`: main has never answered; `open`; `lost`: it had; `refused`: main does not speak with this window. */
  readonly state: 'new' | 'open' | 'lost' | 'refused';
  /** Why main does not speak with this window, once it has said so: nothing is answered any more. */
  readonly refusal: RpcError | undefined;
  /** Numbers one call or stream; never the same twice. */
  nextId(): number;
  post(frame: ClientFrame): void;
}

export const disconnected = (): RpcError =>
  new RpcError({ code: 'disconnected', message: 'The connection to the program was lost.' });

export const cancelled = (): RpcError =>
  new RpcError({ code: 'cancelled', message: 'The call was cancelled.' });

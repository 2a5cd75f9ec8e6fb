import type { FromUserCode, ToUserCode } from './messages.ts';

/** A request on its way: what its reply and the messages before it do. */
export interface PendingCall {
  reply(message: Extract<FromUserCode, { type: 'reply' }>): void;
  fail(error: Error): void;
  note?(message: Exclude<FromUserCode, { type: 'reply' }>): void;
}

export type Request = ToUserCode extends infer Message
  ? Message extends unknown
    ? Omit<Message, 'call'>
    : never
  : never;

/** What a proxy needs of the child. */
export interface UserCodeChannel {
  /** Sends a request; returns its number. */
  send(request: Request, pending: PendingCall): number;
  abort(call: number, reason: string): void;
}

/** The part of AbortSignal that every program has, for folders that are typed without Node and DOM. */
interface BareSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** `AbortSignal` wherever it is known as a type: common is typed without Node and without the DOM. */
export type CallSignal = typeof globalThis extends {
  readonly AbortSignal: { readonly prototype: infer S extends BareSignal };
}
  ? S
  : BareSignal;

interface CallController {
  readonly signal: CallSignal;
  abort(reason?: unknown): void;
}

/** A new AbortController of the program that runs this. */
export function openCallController(): CallController {
  const { AbortController } = globalThis as unknown as { readonly AbortController: new () => CallController };
  return new AbortController();
}

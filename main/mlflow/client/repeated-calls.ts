import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { backoffMs, PATIENT, type RetryPolicy } from './backoff.ts';
import { HttpTransport, type HttpCall, type OpenAnswer } from './http-transport.ts';
import { TrackingFailure } from './tracking-failure.ts';
import type { TrackingTarget } from './tracking-target.ts';

export interface CallOptions {
  /** For calls that may be sent twice; the others are sent once. */
  readonly retry?: RetryPolicy;
  /** Silence after which an attempt has failed; 60 seconds. */
  readonly timeoutMs?: number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  /** Ends every call, also while it waits for its next attempt. */
  readonly signal?: AbortSignal;
}

/** A call without what is the same for all of them. */
export type RemoteCall = Omit<HttpCall, 'timeoutMs' | 'signal'>;

/** Calls to one server that are tried again after 408, 429, 5xx and broken connections. */
export class RepeatedCalls {
  readonly #transport: HttpTransport;
  readonly #retry: RetryPolicy;
  readonly #timeoutMs: number;
  readonly #random: () => number;
  readonly #signal: AbortSignal | undefined;

  constructor(target: TrackingTarget, options: CallOptions = {}) {
    this.#transport = new HttpTransport(target);
    this.#retry = options.retry ?? PATIENT;
    this.#timeoutMs = options.timeoutMs ?? 60_000;
    this.#random = options.random ?? Math.random;
    this.#signal = options.signal;
  }

  /** The answer as text. */
  text(call: RemoteCall, retry = this.#retry): Promise<string> {
    return this.#repeat(() => this.#transport.exchange(this.#complete(call)), retry);
  }

  /** The answer as JSON of the form that is expected. */
  async json<T extends z.ZodType>(call: RemoteCall, form: T, retry = this.#retry): Promise<z.output<T>> {
    return parseAnswer(form, await this.text(call, retry));
  }

  /** The answer with its body still to come. */
  open(call: RemoteCall): Promise<OpenAnswer> {
    return this.#repeat(() => this.#transport.open(this.#complete(call)), this.#retry);
  }

  close(): void {
    this.#transport.close();
  }

  #complete(call: RemoteCall): HttpCall {
    const signal = this.#signal;
    return { ...call, timeoutMs: this.#timeoutMs, ...(signal === undefined ? {} : { signal }) };
  }

  async #repeat<T>(send: () => Promise<T>, retry: RetryPolicy): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await send();
      } catch (error) {
        const isPassing = error instanceof TrackingFailure && error.isPassing;
        if (!isPassing || attempt >= retry.attempts) throw error;
        const delayMs = backoffMs(retry, attempt, this.#random, error.retryAfterMs);
        await this.#pause(delayMs);
      }
    }
  }

  async #pause(delayMs: number): Promise<void> {
    const signal = this.#signal;
    await sleep(delayMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    signal?.throwIfAborted();
  }
}

function parseAnswer<T extends z.ZodType>(form: T, text: string): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw notMlflow('the answer is no JSON');
  }
  const parsed = form.safeParse(json);
  if (parsed.success) return parsed.data;
  throw notMlflow(parsed.error.issues[0]?.message ?? 'the answer has another form');
}

/** For answers that no tracking server gives: a login page, a proxy, another program. */
export function notMlflow(detail: string): TrackingFailure {
  return new TrackingFailure('not-mlflow', `this is no MLflow tracking server (${detail})`);
}

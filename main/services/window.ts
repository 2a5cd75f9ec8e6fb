import type { WindowRequest, windowApi } from '../../common/api/window.ts';
import type { Handlers } from '../../common/rpc/contract.ts';

/** What the desktop asks of the window. Kept until a window takes it. */
export class WindowRequests {
  readonly #waiting: WindowRequest[] = [];
  readonly #takers: ((request: WindowRequest) => void)[] = [];

  /** Gives the request to the window that has waited least: the one that was opened last. */
  post(request: WindowRequest): void {
    const take = this.#takers.pop();
    if (take === undefined) this.#waiting.push(request);
    else take(request);
  }

  /** The next request; undefined when the signal aborts. */
  take(signal: AbortSignal): Promise<WindowRequest | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    const request = this.#waiting.shift();
    if (request !== undefined) return Promise.resolve(request);
    return new Promise((resolve) => {
      const onAbort = (): void => {
        this.#takers.splice(this.#takers.indexOf(take), 1);
        resolve(undefined);
      };
      const take = (given: WindowRequest): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(given);
      };
      this.#takers.push(take);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

export function createWindowService(requests: WindowRequests): Handlers<typeof windowApi> {
  return {
    async *requests(_input, { signal }) {
      for (;;) {
        const request = await requests.take(signal as AbortSignal);
        if (request === undefined) return;
        yield request;
      }
    },
  };
}

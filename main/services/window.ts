import type { WindowRequest, windowApi } from '../../common/api/window.ts';
import type { Handlers } from '../../common/rpc/contract.ts';

/** What the desktop asks of the window. Kept until a window takes it. */
export class WindowRequests {
  readonly #waiting: WindowRequest[] = [];
  #wake: () => void = () => undefined;

  post(request: WindowRequest): void {
    this.#waiting.push(request);
    this.#wake();
  }

  /** The next request; undefined when the signal aborts. Of several that wait for one, the last to ask gets it. */
  async take(signal: AbortSignal): Promise<WindowRequest | undefined> {
    while (!signal.aborted) {
      const request = this.#waiting.shift();
      if (request !== undefined) return request;
      await new Promise<void>((resolve) => {
        this.#wake();
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return undefined;
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

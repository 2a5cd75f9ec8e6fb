/** Items on their way to one listener. What was pushed before the end or the failure is still given. */
export class ItemQueue<T> implements AsyncIterable<T> {
  #items: T[] = [];
  #failure: Error | undefined;
  #hasEnded = false;
  #wake: (() => void) | undefined;

  push(item: T): void {
    if (this.#hasEnded) return;
    this.#items.push(item);
    this.#wake?.();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake?.();
  }

  fail(error: Error): void {
    if (this.#hasEnded) return;
    this.#failure = error;
    this.end();
  }

  /** Forgets the items that nobody took yet. */
  clear(): void {
    this.#items = [];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift()!;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#hasEnded) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

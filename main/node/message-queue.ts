/** Values that come when they come, read one after the other by one reader. */
export class MessageQueue<T> implements AsyncIterable<T> {
  #waiting: T[] = [];
  #ended = false;
  #arrived: () => void = () => undefined;

  push(value: T): void {
    this.#waiting.push(value);
    this.#arrived();
  }

  /** Nothing more comes; what waits is still read. */
  end(): void {
    this.#ended = true;
    this.#arrived();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const values = this.#waiting;
      this.#waiting = [];
      yield* values;
      if (this.#waiting.length > 0) continue;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }
}

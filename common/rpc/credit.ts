/** How many more items the listener takes. */
export class Credit {
  #left: number;
  #wake: (() => void) | undefined;
  #isReleased = false;

  constructor(initial: number) {
    this.#left = initial;
  }

  add(amount: number): void {
    this.#left += amount;
    this.#wake?.();
  }

  /** Lets a waiting taker go on without credit: it looks at its signal. */
  release(): void {
    this.#isReleased = true;
    this.#wake?.();
  }

  async take(): Promise<void> {
    while (this.#left === 0 && !this.#isReleased)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#wake = undefined;
    if (this.#left > 0) this.#left--;
  }
}

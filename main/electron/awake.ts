/** What keeps the machine awake: the searches that are running. */
export class Awake {
  readonly #ends = new Map<number, () => void>();
  readonly #keepAwake: (reason: string) => () => void;
  readonly #onIdle: () => void;

  /** @param onIdle called when the last one has ended */
  constructor(keepAwake: (reason: string) => () => void, onIdle: () => void) {
    this.#keepAwake = keepAwake;
    this.#onIdle = onIdle;
  }

  get count(): number {
    return this.#ends.size;
  }

  begin(id: number, reason: string): void {
    this.#ends.set(id, this.#keepAwake(reason));
  }

  end(id: number): void {
    this.#ends.get(id)?.();
    if (this.#ends.delete(id) && this.#ends.size === 0) this.#onIdle();
  }

  /** The program behind has gone, and the searches with it. */
  endAll(): void {
    for (const id of [...this.#ends.keys()]) this.end(id);
  }
}

/** What a connection takes at once. */
const PIECE_BYTES = 64 * 1024;

/**
 * A long text, made and sent piece by piece. All pieces lie in one place, one after another: memory of its own for each
 * would lie outside of the heap, and be given back only when the heap is collected.
 */
export class LongText {
  #bytes = Buffer.allocUnsafeSlow(PIECE_BYTES);
  #length = 0;

  /** Whether there is enough for a piece. */
  get isFull(): boolean {
    return this.#length >= PIECE_BYTES / 2;
  }

  add(text: string): void {
    // a unit of UTF-16 is three bytes at most
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** What was added since the last time, in UTF-8; to be used before more is added. */
  take(): Uint8Array {
    const piece = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return piece;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Time, so that the outer loop itself has none. */
export interface Clock {
  /** Milliseconds since 1970, for time stamps and durations. */
  now(): number;
  /** Calls `action` once after `delayMs`; the returned function calls it off. */
  after(delayMs: number, action: () => void): () => void;
}

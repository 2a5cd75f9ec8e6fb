/** How often and how long a call is tried again. */
export interface RetryPolicy {
  /** Attempts in all; 1 for none but the first. */
  readonly attempts: number;
  /** Wait before the second attempt; it doubles with each further one. */
  readonly baseMs: number;
  /** The longest wait, a server's `Retry-After` included. */
  readonly capMs: number;
}

/** A little over a minute in all: a server that restarts is back by then, and nobody waits for one that is gone. */
export const PATIENT: RetryPolicy = { attempts: 6, baseMs: 500, capMs: 20_000 };
export const ONCE: RetryPolicy = { attempts: 1, baseMs: 0, capMs: 0 };

/**
 * Milliseconds to wait after a failed attempt, the first being 1: half of an exponentially growing time, and up to as much
 * again by chance, so that many callers do not come back at once. Never less than the server asked for, up to the cap.
 *
 * @param random uniform in [0, 1)
 */
export function backoffMs(
  policy: RetryPolicy,
  attempt: number,
  random: () => number,
  retryAfterMs: number | undefined,
): number {
  const full = Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
  const jittered = full / 2 + (full / 2) * random();
  return Math.min(policy.capMs, Math.max(jittered, retryAfterMs ?? 0));
}

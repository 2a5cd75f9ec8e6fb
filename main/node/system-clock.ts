import type { Clock } from '../ports/clock.ts';

const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The machine's clock. A pending delay does not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    // Node fires at once for delays beyond 24.8 days.
    const timer = setTimeout(action, Math.min(delayMs, LONGEST_DELAY_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

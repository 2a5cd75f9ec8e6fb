import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../../main/mlflow/client/backoff.ts';
import { parseRetryAfter } from '../../../../main/mlflow/client/tracking-failure.ts';

const policy = { attempts: 6, baseMs: 500, capMs: 20_000 };
const waits = (random: number) =>
  [1, 2, 3, 9].map((attempt) => backoffMs(policy, attempt, () => random, undefined));

describe('the wait between two attempts', () => {
  it('doubles up to the cap, and lies between half of it and all of it by chance', () => {
    expect(waits(0)).toEqual([250, 500, 1000, 10_000]);
    expect(waits(0.999999).map(Math.round)).toEqual([500, 1000, 2000, 20_000]);
  });

  it('is at least what the server asks for, but no longer than the cap', () => {
    expect(backoffMs(policy, 1, () => 0, 7000)).toBe(7000);
    expect(backoffMs(policy, 1, () => 0, 3_600_000)).toBe(20_000);
  });

  it('understands Retry-After as seconds and as a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(parseRetryAfter('120', now)).toBe(120_000);
    expect(parseRetryAfter('Thu, 01 Jan 2026 00:00:05 GMT', now)).toBe(5000);
    expect(parseRetryAfter('Wed, 31 Dec 2025 00:00:05 GMT', now)).toBe(0);
    expect(parseRetryAfter('soon', now)).toBeUndefined();
    expect(parseRetryAfter(undefined, now)).toBeUndefined();
  });
});

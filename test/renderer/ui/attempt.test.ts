import { describe, expect, it } from 'vitest';
import { Attempt } from '../../../renderer/ui/attempt.svelte.ts';

describe('an attempt', () => {
  it('is busy until it is done, and keeps why it failed until the next', async () => {
    const attempt = new Attempt();
    const failed = attempt.run(() => Promise.reject(new Error('no')));
    expect(attempt.isBusy).toBe(true);
    expect(await failed).toBe(false);
    expect(attempt).toMatchObject({ isBusy: false, problem: new Error('no') });
    const done = attempt.run(async () => undefined);
    expect(attempt.problem).toBeUndefined();
    expect(await done).toBe(true);
    expect(attempt.isBusy).toBe(false);
  });
});

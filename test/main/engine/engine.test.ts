import { describe, expect, it } from 'vitest';
import { makeEngine } from './fakes/make-engine.ts';

describe('a run', () => {
  it('tries what the controller recommends and ends when it has nothing more', async () => {
    const { engine, journal, executor } = makeEngine();
    const end = await engine.run();
    expect(end.status).toBe('completed');
    expect(executor.executed).toEqual(['W1_1_J1', 'W1_2_J2', 'W1_3_J3', 'W1_4_J4', 'W1_5_J5', 'W1_6_J6']);
    console.log(journal.entries.map(({ event }) => JSON.stringify(event)).join('\n'), end.best);
  });
});

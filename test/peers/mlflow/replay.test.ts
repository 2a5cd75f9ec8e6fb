import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_STEPS } from './replay/all-steps.ts';
import { ALLOWED_DIFFERENCES, findAllowed, type AllowedDifference } from './replay/allowed-differences.ts';
import { describeDifferences } from './replay/describe-difference.ts';
import { Replay } from './replay/replay.ts';
import { nameOf } from './replay/step.ts';
import { findMlflow, START_TIMEOUT_MS, startOurs, startReal, type TestServer } from './servers.ts';

const found = findMlflow('the tracking server is not compared with the real one');

describe.skipIf('why' in found)('the same requests to the real MLflow server and to ours', () => {
  let real: TestServer;
  let ours: TestServer;
  beforeAll(async () => {
    [real, ours] = await Promise.all([startReal('python' in found ? found.python : ''), startOurs()]);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all([real?.close(), ours?.close()]);
  });

  it(`are answered alike, ${ALL_STEPS.length} of them`, { timeout: 300_000 }, async () => {
    const [replayReal, replayOurs] = [new Replay(real.url), new Replay(ours.url)];
    const unexpected: string[] = [];
    const used = new Set<AllowedDifference>();
    for (const step of ALL_STEPS) {
      const theirs = await replayReal.send(step);
      const own = await replayOurs.send(step);
      for (const line of describeDifferences(replayReal.normalize(theirs), replayOurs.normalize(own))) {
        const allowed = findAllowed(step, line);
        if (allowed === undefined) unexpected.push(`${nameOf(step)}\n    ${line}`);
        else used.add(allowed);
      }
    }
    expect(unexpected).toEqual([]);
    expect(ALLOWED_DIFFERENCES.filter((allowed) => !used.has(allowed)).map(({ why }) => why)).toEqual([]);
    expect(ALL_STEPS.length).toBeGreaterThan(600);
  });
});

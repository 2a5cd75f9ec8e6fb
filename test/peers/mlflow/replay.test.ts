import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_STEPS } from './replay/all-steps.ts';
import { compareAnswers } from './replay/compare-answers.ts';
import { readRecordedAnswers, writeRecordedAnswers } from './replay/recorded-answers.ts';
import { Replay, type Answer } from './replay/replay.ts';
import { findMlflow, START_TIMEOUT_MS, startOurs, startReal, type TestServer } from './servers.ts';

/*
 * The real server's answers are recorded in test/fixtures/mlflow/answers.jsonl, for machines without MLflow. To record
 * them again: RECORD_MLFLOW=1 npx vitest run test/peers/mlflow/replay.test.ts
 */
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

  it(`are answered alike, ${ALL_STEPS.length} of them, and as recorded`, { timeout: 300_000 }, async () => {
    const theirs = await replayAll(real.url);
    const own = await replayAll(ours.url);
    expect(compareAnswers(theirs, own)).toEqual({ unexpected: [], gone: [] });
    if (process.env['RECORD_MLFLOW'] === '1') writeRecordedAnswers(theirs);
    expect(readRecordedAnswers()).toEqual(JSON.parse(JSON.stringify(theirs)));
    expect(ALL_STEPS.length).toBeGreaterThan(600);
  });
});

async function replayAll(url: string): Promise<Answer[]> {
  const replay = new Replay(url);
  const answers: Answer[] = [];
  for (const step of ALL_STEPS) answers.push(replay.normalize(await replay.send(step)));
  return answers;
}

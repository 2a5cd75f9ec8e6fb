import { expect, it } from 'vitest';
import { ALL_STEPS } from '../../../peers/mlflow/replay/all-steps.ts';
import { compareAnswers } from '../../../peers/mlflow/replay/compare-answers.ts';
import { readRecordedAnswers } from '../../../peers/mlflow/replay/recorded-answers.ts';
import { Replay, type Answer } from '../../../peers/mlflow/replay/replay.ts';
import { startOurs } from '../../../peers/mlflow/servers.ts';

it(
  `answers ${ALL_STEPS.length} requests as the real MLflow server did when it was recorded`,
  { timeout: 120_000 },
  async () => {
    const server = await startOurs();
    try {
      const replay = new Replay(server.url);
      const answers: Answer[] = [];
      for (const step of ALL_STEPS) answers.push(replay.normalize(await replay.send(step)));
      expect(compareAnswers(readRecordedAnswers(), answers)).toEqual({ unexpected: [], gone: [] });
    } finally {
      await server.close();
    }
  },
);

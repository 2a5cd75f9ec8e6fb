import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_STEPS } from './all-steps.ts';
import { nameOf } from './step.ts';
import type { Answer } from './replay.ts';

/** What the real server answered, step by step, normalised: for machines that have no MLflow. */
const FILE = join(import.meta.dirname, '../../../fixtures/mlflow/answers.jsonl');

/** @throws {Error} where the steps have changed since the answers were recorded. */
export function readRecordedAnswers(): Answer[] {
  if (!existsSync(FILE)) throw new Error(`${FILE} is missing: see replay.test.ts`);
  const lines = readFileSync(FILE, 'utf8').trimEnd().split('\n');
  const recorded = lines.map((line) => JSON.parse(line) as Answer & { step: string });
  const changed = ALL_STEPS.findIndex((step, at) => recorded[at]?.step !== nameOf(step));
  if (changed >= 0 || recorded.length !== ALL_STEPS.length)
    throw new Error(
      `step ${changed} was not recorded: record the real server's answers again, see replay.test.ts`,
    );
  return recorded.map(({ status, body }) => ({ status, body }));
}

export function writeRecordedAnswers(answers: readonly Answer[]): void {
  const lines = ALL_STEPS.map((step, at) => JSON.stringify({ step: nameOf(step), ...answers[at] }));
  writeFileSync(FILE, `${lines.join('\n')}\n`);
}

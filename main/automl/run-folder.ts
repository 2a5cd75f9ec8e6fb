import { join } from 'node:path';

/** The run's own files; a job's MMAR has the job's name (docs/run-folder.md). */
export const RUN_FILES = {
  journal: 'journal.jsonl',
  lock: 'run.lock',
  stopRequest: 'stop.request',
  best: 'best',
  code: 'code',
  searched: 'searched',
  trace: 'trace.log',
  stats: 'automl_stats.json',
  leaderboardJson: 'leaderboard.json',
  leaderboardCsv: 'leaderboard.csv',
} as const;

/** Files of a job's MMAR that are the outer loop's. */
export const JOB_FILES = {
  log: 'log.txt',
  pid: 'trainer.pid',
  trainConfig: 'config/config_train.json',
  environment: 'config/environment.json',
} as const;

/** Absolute paths within one run's folder. */
export function runFile(runRoot: string, file: keyof typeof RUN_FILES): string {
  return join(runRoot, RUN_FILES[file]);
}

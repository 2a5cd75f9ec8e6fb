import { join } from 'node:path';
import type { JobRecord } from '../../../common/run/job-record.ts';
import { formatLeaderboardCsv, makeLeaderboard } from '../../automl/leaderboard.ts';
import { RUN_FILES } from '../../automl/run-folder.ts';
import { copyArtifact, writeArtifact } from './copy-artifact.ts';

/** Configs of the MMAR that say what is searched. */
const CONFIGS = ['config_automl.json', 'config_train.json'];

/** Keeps, among the artifacts of the search's own run, its configs and the leaderboard of the jobs that have ended. */
export async function keepSearchFiles(
  folder: string,
  { mmarRoot }: { readonly mmarRoot: string },
  run: string,
  jobs: readonly JobRecord[],
): Promise<void> {
  for (const name of CONFIGS) await copyArtifact(join(mmarRoot, 'config', name), join(folder, name));
  const ended = jobs.filter(({ state }) => state !== 'running' && state !== 'interrupted');
  if (ended.length === 0) return;
  const rows = makeLeaderboard(ended);
  const document = { outerloop_leaderboard: 1, run_id: run, jobs: rows };
  await writeArtifact(join(folder, RUN_FILES.leaderboardJson), `${JSON.stringify(document, undefined, 2)}\n`);
  await writeArtifact(join(folder, RUN_FILES.leaderboardCsv), formatLeaderboardCsv(rows));
}

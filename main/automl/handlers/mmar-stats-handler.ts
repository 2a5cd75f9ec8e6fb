import { contextKey } from '../../../common/run/context-key.ts';
import type { JobRecord } from '../../../common/run/job-record.ts';
import type { Context } from '../../engine/context.ts';
import type { Handler } from '../../engine/handler.ts';
import type { Clock } from '../../ports/clock.ts';
import { formatLeaderboardCsv, makeLeaderboard } from '../leaderboard.ts';
import { RUN_FILES, runFile } from '../run-folder.ts';
import { ThrottledFile } from '../throttled-file.ts';
import { EndedJobs } from './ended-jobs.ts';

/** Keeps leaderboard.json and leaderboard.csv in the run's folder (docs/run-folder.md). */
export class MmarStatsHandler implements Handler {
  readonly #jobs = new EndedJobs();
  readonly #json: ThrottledFile;
  readonly #csv: ThrottledFile;
  #runId = '';

  constructor(runRoot: string, clock: Clock) {
    const json = (): string => {
      const document = {
        outerloop_leaderboard: 1,
        run_id: this.#runId,
        jobs: makeLeaderboard(this.#jobs.list()),
      };
      return `${JSON.stringify(document, undefined, 2)}\n`;
    };
    const csv = (): string => formatLeaderboardCsv(makeLeaderboard(this.#jobs.list()));
    this.#json = new ThrottledFile(
      runFile(runRoot, 'leaderboardJson'),
      RUN_FILES.leaderboardJson,
      json,
      clock,
    );
    this.#csv = new ThrottledFile(runFile(runRoot, 'leaderboardCsv'), RUN_FILES.leaderboardCsv, csv, clock);
  }

  startup(context: Context): void {
    this.#runId = context.getProp(contextKey.runId, '');
  }

  async restore(_context: Context, ended: readonly JobRecord[]): Promise<void> {
    this.#jobs.restore(ended);
    await this.#flush();
  }

  async endJob(context: Context): Promise<void> {
    if (this.#jobs.add(context) === undefined) return;
    await Promise.all([this.#json.change(), this.#csv.change()]);
  }

  endAutoml(): Promise<void> {
    return this.#flush();
  }

  async #flush(): Promise<void> {
    await Promise.all([this.#json.flush(), this.#csv.flush()]);
  }
}

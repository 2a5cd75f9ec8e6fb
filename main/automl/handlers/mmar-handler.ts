import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MmarHandlerArgs } from '../../../common/components/automl.ts';
import type { JobRecord } from '../../../common/run/job-record.ts';
import { rankJobs, type RankedJob } from '../../../common/run/rank-jobs.ts';
import type { Context } from '../../engine/context.ts';
import type { Handler } from '../../engine/handler.ts';
import { withFileFaults } from '../../node/file-fault.ts';
import { readBest, recoverBest, replaceBest } from '../best-folder.ts';
import { runFile } from '../run-folder.ts';
import { readEndedJob } from './ended-jobs.ts';

/**
 * Keeps the jobs' folders: `best/` is a copy of the best job so far, of the others the best `num_mmars_to_keep` stay on
 * the disk. Asks for the end of the run when a score reaches `stop_threshold`.
 */
export class MmarHandler implements Handler {
  readonly #runRoot: string;
  readonly #args: Pick<MmarHandlerArgs, 'num_mmars_to_keep' | 'stop_threshold'>;
  #kept: readonly RankedJob[] = [];

  constructor(runRoot: string, args: Pick<MmarHandlerArgs, 'num_mmars_to_keep' | 'stop_threshold'>) {
    this.#runRoot = runRoot;
    this.#args = args;
  }

  /** Brings the folders in line with the journal, wherever the run was killed. */
  async restore(context: Context, ended: readonly JobRecord[]): Promise<void> {
    await recoverBest(runFile(this.#runRoot, 'best'));
    await this.#rank(context, ended.map(pickRank));
  }

  async endJob(context: Context): Promise<void> {
    const record = readEndedJob(context);
    if (record === undefined) return;
    const others = this.#kept.filter(({ job }) => job !== record.job);
    await this.#rank(context, [...others, pickRank(record)]);
  }

  /** Without a limit only the best one has to be known. */
  async #rank(context: Context, jobs: readonly RankedJob[]): Promise<void> {
    const limit = this.#args.num_mmars_to_keep;
    const ranked = rankJobs(jobs);
    this.#kept = ranked.slice(0, limit ?? 1);
    await this.#copyBest();
    if (limit !== undefined) await this.#remove(ranked.slice(limit));
    this.#stopWhenReached(context);
  }

  async #copyBest(): Promise<void> {
    const [best] = this.#kept;
    if (best?.score === undefined) return;
    const bestRoot = runFile(this.#runRoot, 'best');
    const { job, score } = best;
    if ((await readBest(bestRoot))?.job === job) return;
    await replaceBest(join(this.#runRoot, job), bestRoot, { job, score });
  }

  async #remove(jobs: readonly RankedJob[]): Promise<void> {
    for (const { job } of jobs)
      await withFileFaults(job, () => rm(join(this.#runRoot, job), { recursive: true, force: true }));
  }

  #stopWhenReached(context: Context): void {
    const { stop_threshold: threshold } = this.#args;
    const [best] = this.#kept;
    if (threshold === undefined || best?.score === undefined || best.score < threshold) return;
    context.stopWork(
      'MMARHandler',
      `${best.job} reached the stop_threshold of ${threshold} with ${best.score}`,
    );
  }
}

function pickRank({ job, score }: JobRecord): RankedJob {
  return score === undefined ? { job } : { job, score };
}

import { contextKey } from '../../../common/run/context-key.ts';
import type { JobRecord } from '../../../common/run/job-record.ts';
import { jobStatus } from '../../../common/run/job-status.ts';
import type { Context } from '../../engine/context.ts';
import type { Handler } from '../../engine/handler.ts';
import type { Clock } from '../../ports/clock.ts';
import { RUN_FILES, runFile } from '../run-folder.ts';
import { ThrottledFile } from '../throttled-file.ts';
import { EndedJobs } from './ended-jobs.ts';

/** automl_stats.json (docs/run-folder.md). */
export interface AutomlStats {
  readonly outerloop_automl_stats: 1;
  readonly run_id: string;
  /** `running`, or how the run ended. */
  readonly status: string;
  readonly jobs: Readonly<Record<string, number>>;
  readonly seconds: { readonly total: number; readonly mean: number; readonly longest: number };
  readonly workers: Readonly<Record<string, { readonly jobs: number; readonly seconds: number }>>;
  /** Each job that was better than all that ended before it. */
  readonly best_over_time: readonly {
    readonly job: string;
    readonly ended_at: string;
    readonly score: number;
  }[];
}

/** Figures about the ended jobs of a run, in the order in which they ended. */
export function makeAutomlStats(runId: string, status: string, jobs: readonly JobRecord[]): AutomlStats {
  const seconds = jobs.map((job) => job.seconds);
  const total = seconds.reduce((sum, value) => sum + value, 0);
  return {
    outerloop_automl_stats: 1,
    run_id: runId,
    status,
    jobs: {
      total: jobs.length,
      ...Object.fromEntries(
        jobStatus.options.map((option) => [option, jobs.filter(({ state }) => state === option).length]),
      ),
    },
    seconds: {
      total,
      mean: jobs.length === 0 ? 0 : total / jobs.length,
      longest: seconds.reduce((longest, value) => Math.max(longest, value), 0),
    },
    workers: describeWorkers(jobs),
    best_over_time: findRecords(jobs),
  };
}

function describeWorkers(jobs: readonly JobRecord[]): AutomlStats['workers'] {
  const byWorker = Map.groupBy(jobs, ({ worker }) => worker);
  return Object.fromEntries(
    [...byWorker].map(([worker, own]) => [
      worker,
      { jobs: own.length, seconds: own.reduce((sum, job) => sum + job.seconds, 0) },
    ]),
  );
}

function findRecords(jobs: readonly JobRecord[]): AutomlStats['best_over_time'] {
  const records: AutomlStats['best_over_time'][number][] = [];
  for (const { job, score, endedAt = '' } of jobs)
    if (score !== undefined && score > (records.at(-1)?.score ?? -Infinity))
      records.push({ job, ended_at: endedAt, score });
  return records;
}

/** Keeps automl_stats.json in the run's folder. */
export class StatsHandler implements Handler {
  readonly #jobs = new EndedJobs();
  readonly #file: ThrottledFile;
  #runId = '';
  #status = 'running';

  constructor(runRoot: string, clock: Clock) {
    const content = (): string =>
      `${JSON.stringify(makeAutomlStats(this.#runId, this.#status, this.#jobs.list()), undefined, 2)}\n`;
    this.#file = new ThrottledFile(runFile(runRoot, 'stats'), RUN_FILES.stats, content, clock);
  }

  async startup(context: Context): Promise<void> {
    this.#runId = context.getProp(contextKey.runId, '');
    await this.#file.flush();
  }

  restore(_context: Context, ended: readonly JobRecord[]): void {
    const byEnd = ended.toSorted((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? -1 : 1));
    this.#jobs.restore(byEnd);
  }

  async endJob(context: Context): Promise<void> {
    if (this.#jobs.add(context) !== undefined) await this.#file.change();
  }

  endAutoml(context: Context): Promise<void> {
    this.#status = context.getProp(contextKey.runStatus, 'failed');
    return this.#file.flush();
  }
}

import type { Metric, RunStatus } from '../../../common/mlflow/entities.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import { JobRecords, type JobRecord } from '../../../common/run/job-record.ts';
import type { JobState, RunStatus as SearchStatus } from '../../../common/run/job-status.ts';
import type { JournalEntry, JournalEvent, JournalEventOf } from '../../../common/run/journal-event.ts';
import {
  describeCreation,
  describeJob,
  describeOrigin,
  describeSpace,
  describeValues,
} from './describe-run.ts';
import { metricsOfProgress } from './job-metrics.ts';
import { runUidOf, trackedRunId } from './run-identifiers.ts';
import { nameSearchParams, type SearchParamNames } from './tracked-names.ts';
import type { RunNews, TrackedRun } from './tracking-sink.ts';

/** What a journal entry means for the tracking store. */
export interface EntryNews {
  /** A run that begins; its experiment is the search's. */
  readonly begins?: Omit<TrackedRun, 'experimentId'>;
  readonly news: readonly RunNews[];
}

const NOTHING: EntryNews = { news: [] };

/** How a job or its search stands, in MLflow's words. An interrupted one counts as killed until it goes on. */
const TRACKED_STATUS: Readonly<Record<JobState | SearchStatus, RunStatus>> = {
  running: 'RUNNING',
  completed: 'FINISHED',
  stopped: 'FINISHED',
  failed: 'FAILED',
  diverged: 'FAILED',
  aborted: 'KILLED',
  timeout: 'KILLED',
  interrupted: 'KILLED',
};

/**
 * Turns the journal of a search into MLflow's terms: one run for the search, one for each of its jobs, nested. A fold: give
 * it every entry in its order; what it says depends on the entries alone.
 */
export class EntryProjection {
  readonly jobs = new JobRecords();
  readonly #mmar: string;
  #runUid = '';
  #run = '';
  #names: SearchParamNames = new Map();
  #ended = 0;
  #best: JobRecord | undefined;

  /** @param mmar name of the MMAR, never its place */
  constructor(mmar: string) {
    this.#mmar = mmar;
  }

  get runUid(): string {
    return this.#runUid;
  }

  get run(): string {
    return this.#run;
  }

  /** @param usesProgress true for a job whose metrics come from the journal, as it has no event file */
  add(entry: JournalEntry, usesProgress: (job: string) => boolean): EntryNews {
    const { event } = entry;
    const before = 'job' in event && event.job !== undefined ? this.jobs.get(event.job) : undefined;
    const record = this.jobs.add(entry);
    const at = Date.parse(entry.at);
    switch (event.type) {
      case 'run_created':
        return this.#create(entry, event, at);
      case 'search_space':
        this.#names = nameSearchParams(event.space);
        return this.#tell({ params: describeSpace(event.space, this.#names) });
      case 'job_started':
        return this.#startJob(record!, event, at);
      case 'job_progress':
        if (!usesProgress(event.job)) return NOTHING;
        return this.#tellJob(event.job, {
          metrics: metricsOfProgress(event.progress, before?.progress ?? {}, at),
        });
      case 'job_interrupted':
      case 'job_ended':
        return this.#endJob(record!, at);
      case 'run_ended':
        return this.#tell(this.#describeEnd(event, at));
      case 'resumed':
        return this.#tell({ status: 'RUNNING', tags: [{ key: OUTERLOOP_TAGS.status, value: 'running' }] });
      default:
        return NOTHING;
    }
  }

  #create(entry: JournalEntry, event: JournalEventOf<'run_created'>, at: number): EntryNews {
    this.#runUid = runUidOf(entry);
    this.#run = event.identity.runId;
    const tags = [
      ...describeOrigin(this.#mmar, this.#run),
      { key: OUTERLOOP_TAGS.runUid, value: this.#runUid },
      { key: OUTERLOOP_TAGS.kind, value: 'search' },
      { key: OUTERLOOP_TAGS.status, value: 'running' },
      { key: OUTERLOOP_TAGS.version, value: event.host.versions.outerloop ?? 'unknown' },
    ];
    const begins = { runId: this.#runUid, name: this.#run, startTime: at, tags };
    return { begins, ...this.#tell({ params: describeCreation(event) }) };
  }

  #startJob(record: JobRecord, event: JournalEventOf<'job_started'>, at: number): EntryNews {
    const runId = trackedRunId(this.#runUid, event.job);
    const tags = [
      ...describeOrigin(this.#mmar, this.#run),
      ...describeJob(record),
      { key: OUTERLOOP_TAGS.runUid, value: runId },
      { key: MLFLOW_TAGS.parentRunId, value: this.#runUid },
    ];
    return {
      begins: { runId, name: event.job, startTime: at, tags },
      news: [{ runId, status: 'RUNNING', tags, params: describeValues(record, this.#names) }],
    };
  }

  #endJob(record: JobRecord, at: number): EntryNews {
    const { job, state, score, reason, bestEpoch, epochs, seconds } = record;
    const isOver = state !== 'interrupted';
    if (isOver) this.#ended++;
    const metrics = [
      ...(isOver && score !== undefined ? [point('score', score, bestEpoch ?? epochs ?? 0, at)] : []),
      point('seconds', seconds, record.attempts, at),
    ];
    const tags = [
      { key: OUTERLOOP_TAGS.status, value: state },
      ...(reason === undefined ? [] : [{ key: OUTERLOOP_TAGS.reason, value: reason }]),
    ];
    const own = this.#tellJob(job, { status: TRACKED_STATUS[state], endTime: at, metrics, tags });
    return isOver ? { news: [...own.news, ...this.#tell(this.#describeProgress(record, at)).news] } : own;
  }

  /** What the search's own run says of a job that has ended: its score, and the best so far. */
  #describeProgress(record: JobRecord, at: number): Omit<RunNews, 'runId'> {
    const { score } = record;
    const isBest = score !== undefined && score > (this.#best?.score ?? -Infinity);
    if (isBest) this.#best = record;
    const metrics = [
      point('jobs_ended', this.#ended, this.#ended, at),
      ...(score === undefined ? [] : [point('score', score, this.#ended, at)]),
      ...(this.#best?.score === undefined ? [] : [point('best_score', this.#best.score, this.#ended, at)]),
    ];
    return { metrics, tags: isBest ? [{ key: OUTERLOOP_TAGS.bestJob, value: record.job }] : [] };
  }

  #describeEnd({ status, reason }: JournalEventOf<'run_ended'>, at: number): Omit<RunNews, 'runId'> {
    const tags = [
      { key: OUTERLOOP_TAGS.status, value: status },
      { key: OUTERLOOP_TAGS.reason, value: reason },
    ];
    return { status: TRACKED_STATUS[status], endTime: at, tags };
  }

  #tell(news: Omit<RunNews, 'runId'>): EntryNews {
    return { news: [{ runId: this.#runUid, ...news }] };
  }

  #tellJob(job: string, news: Omit<RunNews, 'runId'>): EntryNews {
    return { news: [{ runId: trackedRunId(this.#runUid, job), ...news }] };
  }
}

/** The job that an event is about; undefined for the others. */
export function jobOf(event: JournalEvent): string | undefined {
  return 'job' in event ? event.job : undefined;
}

function point(key: string, value: number, step: number, timestamp: number): Metric {
  return { key, value, step, timestamp };
}

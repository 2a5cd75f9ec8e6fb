import type { MmarId } from '../../common/api/ids.ts';
import type { JobCounts, JobRow, RunHead } from '../../common/api/runs.ts';
import { parseJobName } from '../../common/run/job-name.ts';
import type { JobRecord } from '../../common/run/job-record.ts';
import type { JournalEntry } from '../../common/run/journal-event.ts';
import type { JobProgress } from '../../common/run/progress.ts';
import type { RunNews } from '../automl/run-reader.ts';
import type { RunView } from '../automl/run-view.ts';
import { addProgress, emptyCurves, type JobCurves } from './job-curves.ts';
import { noteOf, type RunNote } from './run-notes.ts';
import { ActiveTime } from './active-time.ts';

/** Where a run is. */
export interface RunPlace {
  readonly mmar: MmarId;
  readonly run: string;
}

/** A run with as many notes as anybody reads. */
const NOTES_KEPT = 1000;

const NO_COUNTS: JobCounts = {
  ...{ started: 0, running: 0, interrupted: 0 },
  ...{ completed: 0, failed: 0, aborted: 0, timeout: 0, diverged: 0 },
};

interface PicturedJob {
  record: JobRecord;
  seq: number;
  readonly since: string;
  readonly curves: JobCurves;
  /** Best score of its journal entries, those before a resume included: checkpoints keep it. */
  reached?: number;
}

/** A run as the window shows it: made of the news of its folder, and of what its engine says besides. */
export class RunPicture {
  readonly #place: RunPlace;
  readonly #jobs = new Map<string, PicturedJob>();
  /** Of running jobs: newer than the journal. */
  readonly #live = new Map<string, JobProgress>();
  readonly #time = new ActiveTime();
  #counts = NO_COUNTS;
  #notes: RunNote[] = [];
  #view: RunView | undefined;
  #keyMetric: string | undefined;
  #seq = 0;

  constructor(place: RunPlace) {
    this.#place = place;
  }

  /** Number of the last journal entry that is in it. */
  get seq(): number {
    return this.#seq;
  }

  get view(): RunView | undefined {
    return this.#view;
  }

  /** Takes in news. @returns the jobs that changed */
  add({ entries, jobs, view }: RunNews): ReadonlySet<string> {
    const changed = new Set<string>();
    const records = new Map(jobs.map((record) => [record.job, record]));
    for (const entry of entries) {
      const job = this.#takeIn(entry);
      if (job !== undefined) changed.add(job);
    }
    for (const job of changed) this.#setRecord(records.get(job)!);
    const before = this.#view?.condition;
    this.#view = view;
    // Whether a job runs depends on whether anybody works on the run.
    if (before !== undefined && before !== view.condition)
      for (const [job, { record }] of this.#jobs) if (record.state === 'running') changed.add(job);
    return changed;
  }

  /** What the engine of a run in this program says between two entries of the journal. False for no running job. */
  addLive(job: string, progress: JobProgress): boolean {
    if (!this.isJobRunning(job)) return false;
    this.#live.set(job, { ...this.#live.get(job), ...progress });
    return true;
  }

  /** Jobs of which entries after this one tell; all without one. In the order of starting. */
  jobsAfter(seq = -1): readonly string[] {
    return [...this.#jobs].filter(([, job]) => job.seq > seq).map(([name]) => name);
  }

  notesAfter(seq: number): readonly RunNote[] {
    return this.#notes.filter((note) => note.seq > seq);
  }

  curves(job: string): JobCurves | undefined {
    return this.#jobs.get(job)?.curves;
  }

  isJobRunning(job: string): boolean {
    return this.#view?.condition === 'running' && this.#jobs.get(job)?.record.state === 'running';
  }

  row(job: string): JobRow {
    const { record, since, reached } = this.#jobs.get(job)!;
    const isRunning = this.isJobRunning(job);
    const {
      progress: _progress,
      concrete: _concrete,
      recommendationId: _id,
      devices,
      faults,
      ...known
    } = record;
    const wasKilled = record.state === 'running' && !isRunning;
    // A job that failed or diverged has no score, whatever it had reached.
    const hasEnded = record.state !== 'running' && record.state !== 'interrupted';
    const score = hasEnded ? record.score : (record.score ?? this.#progressOf(record).bestMetric ?? reached);
    return {
      ...known,
      ...describeProgress(this.#progressOf(record), isRunning),
      ...(wasKilled ? { state: 'interrupted', reason: 'its program ended' } : {}),
      ...(record.epochs === undefined ? {} : { epoch: record.epochs }),
      ...(record.bestEpoch === undefined ? {} : { bestEpoch: record.bestEpoch }),
      ...(score === undefined ? {} : { score }),
      ...(isRunning ? { runningSince: since } : {}),
      ...(faults === undefined ? {} : { faults: [...faults] }),
      devices: [...devices],
      number: parseJobName(job)!.number,
      values: { ...record.values },
    };
  }

  /** @param nowMs of the clock: how long it has run */
  head(nowMs: number): RunHead | undefined {
    const view = this.#view;
    if (view?.identity === undefined || view.createdAt === undefined) return undefined;
    const { condition, identity, progress, best, reason, stop } = view;
    const isRunning = condition === 'running';
    return {
      ...this.#place,
      state: condition,
      ...(isRunning ? { place: view.owner?.isThisProcess === true ? 'here' : 'elsewhere' } : {}),
      ...(reason === undefined ? {} : { reason }),
      ...(isRunning && stop !== undefined ? { stopping: stop.when ?? 'now' } : {}),
      isResumable: view.isResumable,
      controller: identity.controller,
      executor: identity.executor,
      seed: identity.seed,
      trusted: identity.trusted,
      workers: view.host?.workers ?? '',
      startedAt: view.createdAt,
      ...(isRunning || view.changedAt === undefined ? {} : { endedAt: view.changedAt }),
      seconds: this.#time.seconds(isRunning ? nowMs : undefined),
      ...(isRunning && progress.secondsLeft !== undefined ? { secondsLeft: progress.secondsLeft } : {}),
      jobs: this.#describeCounts(progress.jobsPlanned),
      ...(best === undefined ? {} : { best }),
      ...(this.#keyMetric === undefined ? {} : { keyMetric: this.#keyMetric }),
    };
  }

  #takeIn(entry: JournalEntry): string | undefined {
    const { event, seq, at } = entry;
    this.#seq = seq;
    this.#time.add(entry);
    const note = noteOf(entry);
    if (note !== undefined) this.#notes = [...this.#notes.slice(1 - NOTES_KEPT), note];
    if (!('job' in event) || event.job === undefined) return undefined;
    const known = this.#jobs.get(event.job);
    if (event.type === 'job_started') {
      const curves = known?.curves ?? emptyCurves();
      // the record follows when all entries are taken in
      const reached = known?.reached === undefined ? {} : { reached: known.reached };
      this.#jobs.set(event.job, { record: known?.record as JobRecord, seq, since: at, curves, ...reached });
      return event.job;
    }
    if (known === undefined) return undefined;
    known.seq = seq;
    if (event.type === 'job_progress') {
      addProgress(known.curves, event.progress);
      if (event.progress.bestMetric !== undefined) known.reached = event.progress.bestMetric;
      this.#keyMetric ??= event.progress.keyMetric;
    }
    return event.job;
  }

  #setRecord(record: JobRecord): void {
    const job = this.#jobs.get(record.job)!;
    const before = (job.record as JobRecord | undefined)?.state;
    job.record = record;
    if (record.state !== 'running') this.#live.delete(record.job);
    if (before === record.state) return;
    const counts = { ...this.#counts, [record.state]: this.#counts[record.state] + 1 };
    this.#counts =
      before === undefined
        ? { ...counts, started: counts.started + 1 }
        : { ...counts, [before]: counts[before] - 1 };
  }

  /** Jobs that ran when their program died are to be run again. */
  #describeCounts(planned: number | undefined): JobCounts {
    const counts = planned === undefined ? this.#counts : { ...this.#counts, planned };
    if (this.#view?.condition === 'running') return counts;
    return { ...counts, running: 0, interrupted: counts.interrupted + counts.running };
  }

  #progressOf(record: JobRecord): JobProgress {
    return { ...record.progress, ...this.#live.get(record.job) };
  }
}

function describeProgress(progress: JobProgress, isRunning: boolean): Partial<JobRow> {
  const { metrics: _metrics, perClass: _perClass, bestMetric: _best, secondsLeft, ...shown } = progress;
  return { ...shown, ...(isRunning && secondsLeft !== undefined ? { secondsLeft } : {}) };
}

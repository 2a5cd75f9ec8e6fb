import type { Fault } from '../fault.ts';
import type { ConcreteSearchValue, SearchValues } from '../search-space/search-space.ts';
import type { JobState } from './job-status.ts';
import type { JournalEntry, JournalEvent } from './journal-event.ts';
import type { JobProgress } from './progress.ts';

/** All that a journal says about one job. */
export interface JobRecord {
  readonly job: string;
  readonly worker: string;
  readonly devices: readonly string[];
  readonly recommendationId: number;
  /** The batch of recommendations it belongs to, from 1. */
  readonly round: number;
  readonly values: SearchValues;
  readonly concrete: ConcreteSearchValue;
  readonly state: JobState;
  readonly score?: number;
  readonly reason?: string;
  readonly faults?: readonly Fault[];
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Of all attempts together. */
  readonly seconds: number;
  /** How often it was started: more than 1 after a resume. */
  readonly attempts: number;
  readonly bestEpoch?: number;
  readonly epochs?: number;
  readonly progress?: JobProgress;
}

/**
 * The jobs of a run, as a reader of its journal sees them: feed it the entries in order, whenever new ones come.
 * In the order in which they were first started.
 */
export class JobRecords {
  readonly #jobs = new Map<string, JobRecord>();
  readonly #recommended = new Map<number, { values: SearchValues; round: number }>();

  /** Takes in one entry; returns the record that it changed. */
  add({ event, at }: JournalEntry): JobRecord | undefined {
    if (event.type === 'recommendations') {
      for (const { id, values } of event.recommendations)
        this.#recommended.set(id, { values, round: event.round! });
      return undefined;
    }
    const record = this.#change(event, at);
    if (record !== undefined) this.#jobs.set(record.job, record);
    return record;
  }

  get(job: string): JobRecord | undefined {
    return this.#jobs.get(job);
  }

  list(): readonly JobRecord[] {
    return [...this.#jobs.values()];
  }

  #change(event: JournalEvent, at: string): JobRecord | undefined {
    if (event.type === 'job_started') return this.#start(event, at);
    if (event.type === 'job_progress') {
      const { progress, ...record } = this.#known(event.job);
      return { ...record, progress: { ...progress, ...event.progress } };
    }
    if (event.type !== 'job_interrupted' && event.type !== 'job_ended') return undefined;
    const record = this.#known(event.job);
    const ended = { ...record, endedAt: at, seconds: record.seconds + event.seconds };
    if (event.type === 'job_interrupted') return { ...ended, state: 'interrupted', reason: event.reason };
    const { score, reason, faults, bestEpoch, epochs } = event;
    return { ...ended, state: event.status, ...dropUndefined({ score, reason, faults, bestEpoch, epochs }) };
  }

  #start(event: Extract<JournalEvent, { type: 'job_started' }>, at: string): JobRecord {
    const before = this.#jobs.get(event.job);
    const recommended = this.#recommended.get(event.recommendationId);
    if (recommended === undefined) throw new Error(`${event.job} was started without a recommendation`);
    return {
      job: event.job,
      worker: event.lease.worker,
      devices: event.lease.devices,
      recommendationId: event.recommendationId,
      ...recommended,
      concrete: event.concrete as ConcreteSearchValue,
      state: 'running',
      startedAt: before?.startedAt ?? at,
      seconds: before?.seconds ?? 0,
      attempts: (before?.attempts ?? 0) + 1,
    };
  }

  #known(job: string): JobRecord {
    const record = this.#jobs.get(job);
    if (record === undefined) throw new Error(`${job} is mentioned before it was started`);
    return record;
  }
}

function dropUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<T>;
}

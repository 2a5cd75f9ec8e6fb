import { contextKey } from '../../../common/run/context-key.ts';
import type { JobRecord } from '../../../common/run/job-record.ts';
import type { Context } from '../../engine/context.ts';

/** The ended jobs that a handler has heard of, by name: one that is heard of again counts once. */
export class EndedJobs {
  readonly #records = new Map<string, JobRecord>();

  restore(records: readonly JobRecord[]): void {
    for (const record of records) this.#records.set(record.job, record);
  }

  /** Takes in the job of an `end_job`; undefined for one that was merely interrupted. */
  add(context: Context): JobRecord | undefined {
    const ended = readEndedJob(context);
    if (ended !== undefined) this.#records.set(ended.job, ended);
    return ended;
  }

  list(): readonly JobRecord[] {
    return [...this.#records.values()];
  }
}

/** The job of an `end_job`; undefined for one that was merely interrupted. */
export function readEndedJob(context: Context): JobRecord | undefined {
  const record = context.getProp<JobRecord>(contextKey.jobRecord);
  if (record === undefined || record.state === 'interrupted' || record.state === 'running') return undefined;
  const { progress: _progress, ...ended } = record;
  return ended;
}

import type { JobProgress } from '../../common/run/progress.ts';

/** Journals the progress of jobs, but not every step of it: what comes faster is put together. */
export class ProgressLog {
  readonly #intervalMs: number;
  readonly #write: (job: string, progress: JobProgress) => void;
  readonly #jobs = new Map<string, { writtenAt: number; pending: JobProgress | undefined }>();

  constructor(intervalMs: number, write: (job: string, progress: JobProgress) => void) {
    this.#intervalMs = intervalMs;
    this.#write = write;
  }

  add(job: string, progress: JobProgress, now: number): void {
    const known = this.#jobs.get(job);
    const pending = { ...known?.pending, ...progress };
    if (known !== undefined && now - known.writtenAt < this.#intervalMs) known.pending = pending;
    else {
      this.#jobs.set(job, { writtenAt: now, pending: undefined });
      this.#write(job, pending);
    }
  }

  /** The job is over: writes what was held back. */
  end(job: string): void {
    const pending = this.#jobs.get(job)?.pending;
    this.#jobs.delete(job);
    if (pending !== undefined) this.#write(job, pending);
  }
}

/** Progress without numbers that JSON cannot hold: they become null where that is allowed, and are left out elsewhere. */
export function keepFinite(progress: JobProgress): JobProgress {
  const entries = Object.entries(progress)
    .map(([key, value]): [string, unknown] => [key, finiteValue(key, value)])
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as JobProgress;
}

function finiteValue(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return key === 'loss' ? null : undefined;
  if (Array.isArray(value)) return value.map((item) => finiteValue('loss', item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, finiteValue('loss', item)]));
}

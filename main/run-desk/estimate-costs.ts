import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJobName } from '../../common/run/job-name.ts';
import { findRuns } from '../automl/find-runs.ts';
import { KEY_CONTENT } from '../automl/job-folder.ts';
import type { ReaderPorts } from '../automl/run-reader.ts';
import { readRun } from '../automl/watch-run.ts';

/** A number and what it was learned from. */
export interface Estimate {
  readonly value: number;
  readonly from: 'earlier-runs' | 'measured-steps' | 'files';
  /** How many jobs it is the mean of. */
  readonly jobs?: number;
}

/** How far back is looked, and how many folders are weighed: enough for a mean. */
const RUNS_READ = 5;
const FOLDERS_WEIGHED = 5;

/** What a job of an MMAR costs, as its last run with completed jobs tells: settings may have changed since an older one. */
export async function estimateFromRuns(
  mmarRoot: string,
  ports: ReaderPorts,
): Promise<{ readonly secondsPerJob?: Estimate; readonly bytesPerJob?: Estimate }> {
  const runs = await findRuns(mmarRoot);
  for (const { runFolder } of runs.slice(0, RUNS_READ)) {
    // A run that cannot be read is shown as such in the list; it has nothing to say here.
    const run = await readRun(runFolder, ports).catch(() => undefined);
    const completed = run?.jobs.filter(({ state }) => state === 'completed') ?? [];
    if (completed.length === 0) continue;
    const seconds = completed.reduce((sum, job) => sum + job.seconds, 0) / completed.length;
    const bytesPerJob = await weighJobs(runFolder);
    return {
      secondsPerJob: { value: seconds, from: 'earlier-runs', jobs: completed.length },
      ...(bytesPerJob === undefined ? {} : { bytesPerJob }),
    };
  }
  return {};
}

/** What a job's folder holds before anything was trained: the copied content of the MMAR. A job then adds its models. */
export async function estimateFromContent(mmarRoot: string): Promise<Estimate> {
  const sizes = await Promise.all(KEY_CONTENT.map((name) => weigh(join(mmarRoot, name))));
  return { value: sizes.reduce((sum, size) => sum + size, 0), from: 'files' };
}

/** Bytes of a file or of all files in a folder; 0 where there is none. */
export async function weigh(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return sizeOf(path);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(({ parentPath, name }) => sizeOf(join(parentPath, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function weighJobs(runFolder: string): Promise<Estimate | undefined> {
  const names = (await readdir(runFolder)).filter((name) => parseJobName(name) !== undefined);
  const weighed = names.slice(0, FOLDERS_WEIGHED);
  if (weighed.length === 0) return undefined;
  const sizes = await Promise.all(weighed.map((name) => weigh(join(runFolder, name))));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return { value: mean, from: 'earlier-runs', jobs: sizes.length };
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (found) => (found.isFile() ? found.size : 0),
    () => 0,
  );
}

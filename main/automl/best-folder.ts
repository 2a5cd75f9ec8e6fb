import { cp, readFile, rename, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { withFileFaults } from '../node/file-fault.ts';
import { writeAtomic } from '../node/write-atomic.ts';
import { folderExists } from './job-folder.ts';
import { JOB_FILES } from './run-folder.ts';

/** Says in `best/` which job it is a copy of. */
const ORIGIN = 'best_job.json';
const origin = z.object({ job: z.string(), score: z.number() });
export type BestJob = z.output<typeof origin>;

/**
 * Makes `best/` a copy of a job's MMAR. The copy is made beside and put in place by renaming, so `best/` is whole
 * whenever it is there. Nothing happens when the job has no folder.
 */
export async function replaceBest(jobRoot: string, bestRoot: string, best: BestJob): Promise<void> {
  if (!(await folderExists(jobRoot))) return;
  const beside = (suffix: string): string => join(dirname(bestRoot), `.${basename(bestRoot)}.${suffix}`);
  const [draft, old] = [beside('new'), beside('old')];
  await withFileFaults(basename(bestRoot), async () => {
    await removeAll(draft, old);
    await cp(jobRoot, draft, {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (source) => source !== join(jobRoot, JOB_FILES.pid),
    });
    await writeAtomic(join(draft, ORIGIN), `${JSON.stringify(best)}\n`);
    if (await folderExists(bestRoot)) await rename(bestRoot, old);
    await rename(draft, bestRoot);
    await removeAll(old);
  });
}

/** The job that `best/` is a copy of; undefined when there is none. */
export async function readBest(bestRoot: string): Promise<BestJob | undefined> {
  try {
    return origin.parse(JSON.parse(await readFile(join(bestRoot, ORIGIN), 'utf8')));
  } catch {
    return undefined;
  }
}

async function removeAll(...folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

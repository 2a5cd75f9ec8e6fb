import { cp, readFile, rename, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { withFileFaults } from '../node/file-fault.ts';
import { writeAtomic } from '../node/write-atomic.ts';
import { folderExists } from '../node/folder-exists.ts';
import { JOB_FILES } from './run-folder.ts';

/** Says in `best/` which job it is a copy of. */
const ORIGIN = 'best_job.json';
const origin = z.object({ job: z.string(), score: z.number() });
export type BestJob = z.output<typeof origin>;

/** Between the two renames of an exchange there is no `best/`: whoever looks then looks again. */
const EXCHANGE_TRIES = 25;
const EXCHANGE_WAIT_MS = 20;

/**
 * Makes `best/` a copy of a job's MMAR. The copy is made beside and put in place by renaming, so `best/` is whole
 * whenever it is there. Nothing happens when the job has no folder.
 */
export async function replaceBest(jobRoot: string, bestRoot: string, best: BestJob): Promise<void> {
  if (!(await folderExists(jobRoot))) return;
  const { draft, old } = foldersBeside(bestRoot);
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

/** The job that `best/` is a copy of; undefined when there is none. Waits for an exchange that is going on. */
export async function readBest(bestRoot: string): Promise<BestJob | undefined> {
  const { old } = foldersBeside(bestRoot);
  for (let tries = EXCHANGE_TRIES; ; tries--) {
    const found = await readOrigin(bestRoot);
    if (found !== undefined || tries === 0 || !(await folderExists(old))) return found;
    await sleep(EXCHANGE_WAIT_MS);
  }
}

/**
 * Ends an exchange that a crash has cut short: the new copy, which was whole by then, takes its place. Only for the
 * program that works on the run.
 */
export async function recoverBest(bestRoot: string): Promise<void> {
  if (await folderExists(bestRoot)) return;
  const { draft, old } = foldersBeside(bestRoot);
  await withFileFaults(basename(bestRoot), async () => {
    for (const folder of [draft, old]) {
      if ((await readOrigin(folder)) === undefined) continue;
      await rename(folder, bestRoot);
      break;
    }
    await removeAll(draft, old);
  });
}

async function readOrigin(folder: string): Promise<BestJob | undefined> {
  try {
    return origin.parse(JSON.parse(await readFile(join(folder, ORIGIN), 'utf8')));
  } catch {
    return undefined;
  }
}

function foldersBeside(bestRoot: string): { readonly draft: string; readonly old: string } {
  const beside = (suffix: string): string => join(dirname(bestRoot), `.${basename(bestRoot)}.${suffix}`);
  return { draft: beside('new'), old: beside('old') };
}

async function removeAll(...folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

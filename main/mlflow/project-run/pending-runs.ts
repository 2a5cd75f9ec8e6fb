import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { withFileFaults } from '../../node/file-fault.ts';
import { writeAtomic } from '../../node/write-atomic.ts';

/** A search whose journal the store may not have in full: where it is, and how it is to be shown. */
export const pendingRun = z.object({
  runRoot: z.string(),
  mmarRoot: z.string(),
  mmar: z.string(),
  experiment: z.object({
    rule: z.enum(['run', 'project']),
    name: z.string().optional(),
    note: z.string().optional(),
    tags: z.array(z.object({ key: z.string(), value: z.string() })),
  }),
  keepsModels: z.boolean(),
});
export type PendingRun = z.output<typeof pendingRun>;

/** Searches that are going on, or that ended without the store: so that somebody catches up with them. */
const FOLDER = 'pending';

/** @throws FaultError when the store's folder cannot be written */
export async function notePending(storeFolder: string, run: PendingRun): Promise<void> {
  const folder = join(storeFolder, FOLDER);
  await withFileFaults(FOLDER, async () => {
    await mkdir(folder, { recursive: true });
    await writeAtomic(fileOf(storeFolder, run.runRoot), `${JSON.stringify(run)}\n`);
  });
}

/** The store has all of it. */
export async function forgetPending(storeFolder: string, runRoot: string): Promise<void> {
  await rm(fileOf(storeFolder, runRoot), { force: true });
}

export async function listPending(storeFolder: string): Promise<readonly PendingRun[]> {
  const folder = join(storeFolder, FOLDER);
  const names = await readdir(folder).catch(() => []);
  const found: PendingRun[] = [];
  for (const name of names.filter((file) => /^[0-9a-f]+\.json$/.test(file)).toSorted()) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    const parsed = pendingRun.safeParse(parseJson(text));
    if (parsed.success) found.push(parsed.data);
  }
  return found;
}

function fileOf(storeFolder: string, runRoot: string): string {
  const name = createHash('sha256').update(runRoot).digest('hex').slice(0, 32);
  return join(storeFolder, FOLDER, `${name}.json`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

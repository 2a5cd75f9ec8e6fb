import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { FaultError } from '../../common/fault.ts';
import type { JournalEntry, JournalEventOf } from '../../common/run/journal-event.ts';
import { createJournal, openJournal } from '../journal/file-journal.ts';
import { lockRun, type RunLock } from '../journal/run-lock.ts';
import { withFileFaults } from '../node/file-fault.ts';
import type { Journal } from '../ports/journal.ts';
import type { RunPorts } from './run-request.ts';
import { folderExists } from '../node/folder-exists.ts';
import { RUN_FILES, runFile } from './run-folder.ts';
import { discardStopRequest } from './stop-request.ts';

/** A run's folder, locked, with its journal open. */
export interface OpenRun {
  /** Absolute path. */
  readonly root: string;
  readonly journal: Journal;
  /** What the journal of a run that is resumed holds; undefined for a new run. */
  readonly history?: { readonly entries: readonly JournalEntry[]; readonly cut?: string };
  /** Closes the journal and gives the lock back. */
  close(): Promise<void>;
  /** Deletes the folder: for a new run that came to nothing. */
  discard(): Promise<void>;
}

/** Where a run is, and what messages call it. */
export interface RunPlace {
  readonly mmarRoot: string;
  readonly workFolder: string;
  readonly runId: string;
}

/** Makes the folder of a new run. @throws FaultError `already-exists` */
export async function createRun(
  place: RunPlace,
  ports: Pick<RunPorts, 'clock' | 'processes'>,
): Promise<OpenRun> {
  const root = join(place.workFolder, place.runId);
  const label = labelOf(place, root);
  await withFileFaults(label, () => mkdir(dirname(root), { recursive: true }).catch(refuseFile));
  await makeRunFolder(root, label);
  const lock = await lockRun(runFile(root, 'lock'), ports.processes, `${label}/${RUN_FILES.lock}`);
  return openNew(root, label, ports, lock);
}

/**
 * Opens the folder of a run that was interrupted or killed. One that was killed before its first event was written is
 * a new run.
 *
 * @throws FaultError `run-not-found`, `run-locked`, `run-finished`, `journal-damaged`, also for a folder that holds
 *   something but no journal
 */
export async function reopenRun(
  place: RunPlace,
  ports: Pick<RunPorts, 'clock' | 'processes'>,
): Promise<OpenRun> {
  const root = join(place.workFolder, place.runId);
  const label = labelOf(place, root);
  if (!(await folderExists(root))) throw await notFound(place, label);
  const lock = await lockRun(runFile(root, 'lock'), ports.processes, `${label}/${RUN_FILES.lock}`);
  try {
    await withFileFaults(`${label}/${RUN_FILES.stopRequest}`, async () => discardStopRequest(root));
    const file = runFile(root, 'journal');
    const opened = await openJournal(file, ports.clock, `${label}/${RUN_FILES.journal}`).catch(ignoreMissing);
    if (opened === undefined) {
      await refuseForeignFolder(root, label);
      return await openNew(root, label, ports, lock);
    }
    const { journal, entries, cut } = opened;
    try {
      refuseFinished(entries, place, label);
    } catch (error) {
      await journal.close();
      throw error;
    }
    const history =
      entries.length === 0 ? {} : { history: { entries, ...(cut === undefined ? {} : { cut }) } };
    return { root, journal, ...history, ...closing(root, journal, lock) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** How a run was started. */
export function findCreation(entries: readonly JournalEntry[]): JournalEventOf<'run_created'> | undefined {
  const event = entries[0]?.event;
  return event?.type === 'run_created' ? event : undefined;
}

/** The run that is meant when none is named: for a new one `run1` or the next that is free, to resume the only one. */
export async function findRunId(workFolder: string, resume: boolean): Promise<string> {
  const runs = await listRuns(workFolder);
  if (resume && runs.length === 1) return runs[0]!;
  if (!resume) {
    let number = 1;
    while (runs.includes(`run${number}`)) number++;
    return `run${number}`;
  }
  throw new FaultError({
    code: 'usage',
    argument: 'run_id',
    message: '--resume needs the name of a run.',
    allowed: runs.length === 0 ? 'a start without --resume' : `--set run_id= and one of ${runs.join(', ')}`,
  });
}

async function listRuns(workFolder: string): Promise<readonly string[]> {
  const found = await readdir(workFolder, { withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function openNew(
  root: string,
  label: string,
  ports: Pick<RunPorts, 'clock'>,
  lock: RunLock,
): Promise<OpenRun> {
  const journal = await createJournal(runFile(root, 'journal'), ports.clock, `${label}/${RUN_FILES.journal}`);
  return { root, journal, ...closing(root, journal, lock) };
}

function closing(root: string, journal: Journal, lock: RunLock): Pick<OpenRun, 'close' | 'discard'> {
  return {
    close: async () => {
      try {
        await journal.close();
      } finally {
        await lock.release();
      }
    },
    discard: () => rm(root, { recursive: true, force: true }),
  };
}

/** `mkdir -p` says that a file in the way of the folder exists. */
function refuseFile(error: NodeJS.ErrnoException): never {
  throw error.code === 'EEXIST' ? Object.assign(error, { code: 'ENOTDIR' }) : error;
}

async function makeRunFolder(root: string, label: string): Promise<void> {
  try {
    await mkdir(root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      return withFileFaults(label, () => Promise.reject(error));
    throw new FaultError({
      code: 'already-exists',
      file: label,
      argument: 'run_id',
      message: 'There is a run of this name already.',
      allowed: '--resume to go on with it, or another run_id',
    });
  }
}

/** The journal comes first into a run's folder: what holds other files and none has lost it, or is no run. */
async function refuseForeignFolder(root: string, label: string): Promise<void> {
  const found = (await readdir(root)).filter((name) => !name.startsWith(RUN_FILES.lock));
  if (found.length === 0) return;
  throw new FaultError({
    code: 'journal-damaged',
    file: `${label}/${RUN_FILES.journal}`,
    message: 'The folder holds files but no journal, so it cannot be gone on with. Nothing was changed.',
    allowed: 'the folder of a run, with its journal',
  });
}

function refuseFinished(entries: readonly JournalEntry[], { runId }: RunPlace, label: string): void {
  const last = entries.findLast(({ event }) => event.type === 'run_ended' || event.type === 'resumed')?.event;
  if (last?.type !== 'run_ended' || last.status === 'interrupted' || last.status === 'failed') return;
  throw new FaultError({
    code: 'run-finished',
    file: label,
    argument: 'run_id',
    message: `The run ${runId} is finished (${last.status}: ${last.reason}).`,
    allowed: 'a new run_id',
  });
}

async function notFound({ workFolder, runId }: RunPlace, label: string): Promise<FaultError> {
  const runs = await listRuns(workFolder);
  return new FaultError({
    code: 'run-not-found',
    file: label,
    argument: 'run_id',
    message: `There is no run ${runId} to resume.`,
    allowed: runs.length === 0 ? 'a start without --resume' : runs.join(', '),
  });
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof FaultError && error.faults[0]?.code === 'file-missing') return undefined;
  throw error;
}

/** A folder inside the MMAR by its path there, another one by its name. */
function labelOf({ mmarRoot, runId }: RunPlace, root: string): string {
  const inside = relative(mmarRoot, root);
  return inside.startsWith('..') ? runId : inside.replaceAll('\\', '/');
}

import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { FaultError } from '../../common/fault.ts';
import { withFileFaults } from '../node/file-fault.ts';
import type { ProcessIdentity, ProcessTable } from '../ports/processes.ts';

const identity = z.object({ pid: z.int(), started: z.string(), host: z.string() });

/** Held as long as one process runs the run. */
export interface RunLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a run: only one engine may write a run's folder. The lock of a process that is gone (its pid is
 * not in use, or by a process that started at another time) is taken over.
 *
 * @throws FaultError `run-locked` that says who holds it
 */
export async function lockRun(file: string, processes: ProcessTable, label = 'run.lock'): Promise<RunLock> {
  return withFileFaults(label, async () => {
    const claim = `${file}.${randomUUID()}`;
    await writeFile(claim, JSON.stringify(processes.self()), { flag: 'wx' });
    try {
      await takeLock(claim, file, processes, label);
    } finally {
      await rm(claim, { force: true });
    }
    return { release: () => rm(file, { force: true }) };
  });
}

/** The process that a run's lock names, be it alive or gone; undefined when there is no lock that can be read. */
export async function readRunLock(file: string): Promise<ProcessIdentity | undefined> {
  const holder = await readHolder(file);
  return typeof holder === 'string' ? undefined : holder;
}

/** A hard link to an existing name fails, so of many who try one wins. */
async function takeLock(claim: string, file: string, processes: ProcessTable, label: string): Promise<void> {
  try {
    await link(claim, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await replaceStaleLock(claim, file, processes, label);
  }
}

/**
 * Puts our claim in place of the lock of a process that is gone. Only who holds the lock beside it may do so, so that
 * nobody replaces a lock that has just been replaced; that one is taken in the same way.
 */
async function replaceStaleLock(
  claim: string,
  file: string,
  processes: ProcessTable,
  label: string,
): Promise<void> {
  refuseLiving(await readHolder(file), processes, label);
  const takeover = await lockRun(`${file}.takeover`, processes, label);
  try {
    const found = await readHolder(file);
    refuseLiving(found, processes, label);
    // A lock that is gone meanwhile may be taken by anybody: then the first link wins again.
    if (found === 'gone') await link(claim, file);
    else await rename(claim, file);
  } finally {
    await takeover.release();
  }
}

function refuseLiving(holder: Holder, processes: ProcessTable, label: string): void {
  if (holder === 'gone' || holder === 'unreadable') return;
  if (holder.host !== processes.self().host)
    throw lockedBy(
      label,
      `process ${holder.pid} of the computer ${holder.host}, which cannot be asked from here`,
    );
  const running = processes.identify(holder.pid);
  if (running !== undefined && running.started === holder.started)
    throw lockedBy(label, `process ${holder.pid}, which is running`);
}

/** Who holds a lock; it may have gone meanwhile, and a crash may have left it unreadable. */
type Holder = ProcessIdentity | 'gone' | 'unreadable';

async function readHolder(file: string): Promise<Holder> {
  try {
    return identity.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

function lockedBy(label: string, holder: string): FaultError {
  return new FaultError({
    code: 'run-locked',
    file: label,
    message: `The run is being worked on by ${holder}.`,
    allowed: 'wait for it or stop it; if that process is surely gone, delete this file',
  });
}

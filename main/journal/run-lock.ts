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

const ATTEMPTS = 10;

/** A hard link to an existing name fails, so of many who try one wins. */
async function takeLock(claim: string, file: string, processes: ProcessTable, label: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      await link(claim, file);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    await removeStaleLock(file, processes, label);
  }
  throw lockedBy(label, 'another process that is starting at the same moment');
}

/** Moves the lock away before it is removed: who moves it sees what it was, and puts back one that is not stale. */
async function removeStaleLock(file: string, processes: ProcessTable, label: string): Promise<void> {
  refuseLiving(await readHolder(file), processes, label);
  const moved = `${file}.${randomUUID()}`;
  try {
    await rename(file, moved);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    refuseLiving(await readHolder(moved), processes, label);
  } catch (error) {
    await link(moved, file).catch(() => undefined);
    throw error;
  } finally {
    await rm(moved, { force: true });
  }
}

function refuseLiving(holder: ProcessIdentity | undefined, processes: ProcessTable, label: string): void {
  if (holder === undefined) return;
  if (holder.host !== processes.self().host)
    throw lockedBy(
      label,
      `process ${holder.pid} of the computer ${holder.host}, which cannot be asked from here`,
    );
  const running = processes.identify(holder.pid);
  if (running !== undefined && running.started === holder.started)
    throw lockedBy(label, `process ${holder.pid}, which is running`);
}

/** Undefined for a lock that has gone meanwhile, or that a crash left unreadable. */
async function readHolder(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return identity.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
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

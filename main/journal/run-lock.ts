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
 * @param label what faults call the file
 * @param what it locks, for messages
 * @throws FaultError `run-locked` that says who holds it
 */
export async function lockRun(
  file: string,
  processes: ProcessTable,
  label = 'run.lock',
  what = 'The run',
): Promise<RunLock> {
  return withFileFaults(label, async () => {
    const claim = `${file}.${randomUUID()}`;
    await writeFile(claim, JSON.stringify(processes.self()), { flag: 'wx' });
    try {
      await takeLock({ claim, file, processes, label, what });
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

/** A lock that somebody wants: `claim` is a file of their own that becomes it. */
interface WantedLock {
  readonly claim: string;
  readonly file: string;
  readonly processes: ProcessTable;
  readonly label: string;
  readonly what: string;
}

/** A hard link to an existing name fails, so of many who try one wins. */
async function takeLock(wanted: WantedLock): Promise<void> {
  try {
    await link(wanted.claim, wanted.file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await replaceStaleLock(wanted);
  }
}

/**
 * Puts our claim in place of the lock of a process that is gone. Only who holds the lock beside it may do so, so that
 * nobody replaces a lock that has just been replaced; that one is taken in the same way.
 */
async function replaceStaleLock(wanted: WantedLock): Promise<void> {
  const { claim, file, processes, label, what } = wanted;
  refuseLiving(await readHolder(file), wanted);
  const takeover = await lockRun(`${file}.takeover`, processes, label, what);
  try {
    const found = await readHolder(file);
    refuseLiving(found, wanted);
    // A lock that is gone meanwhile may be taken by anybody: then the first link wins again.
    if (found === 'gone') await link(claim, file);
    else await rename(claim, file);
  } finally {
    await takeover.release();
  }
}

function refuseLiving(holder: Holder, wanted: WantedLock): void {
  const { processes } = wanted;
  if (holder === 'gone' || holder === 'unreadable') return;
  if (holder.host !== processes.self().host)
    throw lockedBy(
      wanted,
      `process ${holder.pid} of the computer ${holder.host}, which cannot be asked from here`,
    );
  const running = processes.identify(holder.pid);
  if (running !== undefined && running.started === holder.started)
    throw lockedBy(wanted, `process ${holder.pid}, which is running`);
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

function lockedBy({ label, what }: WantedLock, holder: string): FaultError {
  return new FaultError({
    code: 'run-locked',
    file: label,
    message: `${what} is being worked on by ${holder}.`,
    allowed: 'wait for it or stop it; if that process is surely gone, delete this file',
  });
}

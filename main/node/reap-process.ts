import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ProcessIdentity } from '../ports/processes.ts';
import { groupExists, signalGroup } from './process-group.ts';
import { processTable } from './process-table.ts';

const identity = z.object({ pid: z.int().positive(), started: z.string(), host: z.string() });

const POLL_MS = 50;
/** After SIGKILL: a process that waits for a broken disk may stay longer, and nobody can end it. */
const FORCED_MS = 10_000;

/** Says in a file which process it is, so that a later program can find it. */
export async function writePidFile(file: string, pid: number): Promise<void> {
  const started = processTable.identify(pid);
  if (started !== undefined) await writeFile(file, JSON.stringify(started));
}

/**
 * Makes sure that the process of a pid file is gone, with the group that it leads: it gets `graceMs` to end by itself,
 * then it is killed. A process that merely has the same number is left alone.
 */
export async function reapProcess(pidFile: string, graceMs: number): Promise<void> {
  const process = await readPidFile(pidFile);
  if (process !== undefined && process.host === processTable.self().host) {
    if (!(await waitUntilGone(process, graceMs))) {
      signalGroup(process.pid, 'SIGKILL');
      await waitUntilGone(process, FORCED_MS);
    }
  }
  await rm(pidFile, { force: true });
}

async function waitUntilGone(process: ProcessIdentity, limitMs: number): Promise<boolean> {
  for (let waitedMs = 0; isAlive(process); waitedMs += POLL_MS) {
    if (waitedMs >= limitMs) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** The process itself, or members of its group that have outlived it. */
function isAlive({ pid, started }: ProcessIdentity): boolean {
  const now = processTable.identify(pid);
  if (now !== undefined) return now.started === started;
  return globalThis.process.platform !== 'win32' && groupExists(pid);
}

async function readPidFile(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return identity.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { stopTime, type RunControls, type RunStop } from '../../common/run/run-controls.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { writeAtomic } from '../node/write-atomic.ts';
import { RUN_FILES, runFile } from './run-folder.ts';

const LOOK_MS = 300;
/** Longer than a program that is writing a large checkpoint is busy with itself. */
const ANSWER_MS = 15_000;

const stopRequest = z.object({
  id: z.string(),
  when: stopTime.optional(),
  resumable: z.boolean().optional(),
});

/**
 * Asks the program that carries out a run to stop it: by a file in the run's folder, which works on every system and also for
 * a program on another computer that shares the folder. Settles with true when the program has taken the request.
 *
 * @param answerMs how long it is waited for that; false after it, and the request is taken back
 */
export async function requestStop(
  runRoot: string,
  { when, resumable }: Pick<RunStop, 'when' | 'resumable'> = {},
  answerMs = ANSWER_MS,
): Promise<boolean> {
  const file = runFile(runRoot, 'stopRequest');
  const request = { id: randomUUID(), when, resumable } satisfies z.input<typeof stopRequest>;
  await withFileFaults(RUN_FILES.stopRequest, () => writeAtomic(file, `${JSON.stringify(request)}\n`));
  const giveUpAt = performance.now() + answerMs;
  // another's request may have come in its place: it was taken too, or will be
  while ((await readRequest(file))?.id === request.id) {
    if (performance.now() > giveUpAt) {
      await rm(file, { force: true });
      return false;
    }
    await sleep(LOOK_MS / 3);
  }
  return true;
}

/**
 * Forgets a request that was made of a program that is gone. To be called as soon as the run is locked: whoever sees the run
 * run may ask, long before its first job.
 */
export function discardStopRequest(runRoot: string): void {
  rmSync(runFile(runRoot, 'stopRequest'), { force: true });
}

/**
 * Looks for requests of other programs to stop a run, until the returned function is called. Keeps the process alive, since
 * a paused run waits for nothing that does.
 */
export function heedStopRequests(runRoot: string, controls: Pick<RunControls, 'stop'>): () => void {
  const file = runFile(runRoot, 'stopRequest');
  let isLooking = false;
  const look = async (): Promise<void> => {
    // nearly always there is none: this costs less than to be told of every write into the folder
    if (isLooking || !existsSync(file)) return;
    isLooking = true;
    const request = await readRequest(file);
    await rm(file, { force: true }).catch(() => undefined);
    const { when, resumable } = request ?? {};
    controls.stop({ ...(when && { when }), ...(resumable !== undefined && { resumable }) });
    isLooking = false;
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => clearInterval(timer);
}

/** Undefined when there is none; one that cannot be read asks for the usual stop. */
async function readRequest(file: string): Promise<z.output<typeof stopRequest> | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return stopRequest.parse(JSON.parse(text));
  } catch {
    return { id: '' };
  }
}

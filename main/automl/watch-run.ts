import { setTimeout as sleep } from 'node:timers/promises';
import { FaultError } from '../../common/fault.ts';
import { RunReader, type ReaderPorts, type RunNews } from './run-reader.ts';
import { nodePorts } from './run-request.ts';
import type { WholeRun } from './run-view.ts';

const POLL_MS = 500;

/**
 * How a run stands, from its folder alone: whichever process carries it out, or whether none does any more.
 *
 * @param runRoot absolute path of the run's folder
 * @throws FaultError `run-not-found`, `journal-damaged`
 */
export async function readRun(runRoot: string, ports: ReaderPorts = nodePorts): Promise<WholeRun> {
  const reader = new RunReader(runRoot, ports);
  const { view } = await reader.read();
  return { ...view, jobs: reader.jobs() };
}

export interface WatchOptions {
  readonly ports?: ReaderPorts;
  /** Ends the watch. */
  readonly signal?: AbortSignal;
  /** How often the folder is looked at; 500 when left out. */
  readonly intervalMs?: number;
}

/**
 * Follows a run: first all that there is, then whatever is new, until the run has ended or been killed. A slow reader
 * lags and gets more at once. A run that is resumed later is watched anew.
 *
 * @throws FaultError `run-not-found`, `journal-damaged`
 */
export async function* watchRun(runRoot: string, options: WatchOptions = {}): AsyncGenerator<RunNews> {
  const { ports = nodePorts, signal, intervalMs = POLL_MS } = options;
  const reader = new RunReader(runRoot, ports);
  let shown = '';
  while (signal?.aborted !== true) {
    const news = await reader.read();
    const { condition, owner } = news.view;
    const now = JSON.stringify([condition, owner]);
    if (news.entries.length > 0 || now !== shown) yield news;
    shown = now;
    if (condition !== 'running') return;
    await sleep(intervalMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

/**
 * Asks the process of a run to stop it so that it can be resumed, as Ctrl-C in its terminal does. Settles when it was
 * asked; {@link watchRun} says when it has stopped. For a run of this process there are its controls.
 *
 * @throws FaultError `run-not-found`; `run-locked` when its process cannot be asked from here
 */
export async function stopRun(runRoot: string, ports: ReaderPorts = nodePorts): Promise<void> {
  const { view } = await new RunReader(runRoot, ports).read();
  if (view.condition !== 'running') return;
  const { owner, runId } = view;
  if (owner?.isAlive === true && ports.processes.interrupt(owner.pid)) return;
  throw new FaultError({
    code: 'run-locked',
    file: runId,
    message: `The run is being worked on by process ${owner!.pid} of the computer ${owner!.host}, which cannot be asked to stop from here.`,
    allowed: 'Ctrl-C where it was started',
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { FaultError } from '../../common/fault.ts';
import type { RunStop } from '../../common/run/run-controls.ts';
import { RunReader, type ReaderPorts, type RunNews } from './run-reader.ts';
import { nodePorts } from './run-request.ts';
import { requestStop } from './stop-request.ts';
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
 * Asks the program of a run to stop it, by default so that it can be resumed, as Ctrl-C in its terminal does. Settles when
 * the program has taken the request; {@link watchRun} says when it has stopped. For a run of this process there are its
 * controls.
 *
 * @param answerMs how long the program may take to notice; some seconds when left out
 * @throws FaultError `run-not-found`; `run-locked` when the program does not answer
 */
export async function stopRun(
  runRoot: string,
  ports: ReaderPorts = nodePorts,
  how: Pick<RunStop, 'when' | 'resumable'> = {},
  answerMs?: number,
): Promise<void> {
  const { view } = await new RunReader(runRoot, ports).read();
  if (view.condition !== 'running' || (await requestStop(runRoot, how, answerMs))) return;
  const { owner, runId } = view;
  throw new FaultError({
    code: 'run-locked',
    file: runId,
    message: `The run is being worked on by process ${owner!.pid} of the computer ${owner!.host}, which does not answer.`,
    allowed: 'Ctrl-C where it was started, or to end that process; the run can be resumed then',
  });
}

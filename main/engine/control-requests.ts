import type { JournalEvent } from '../../common/run/journal-event.ts';
import type { StopTime } from '../../common/run/run-controls.ts';
import type { RunWorkers } from '../../common/run/worker-status.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import type { EngineParts } from './engine-parts.ts';
import { foldEvent, type RunState } from './run-state.ts';

/** What somebody outside asks of a run, as the event that journals it. */
export type ControlRequest = Extract<
  JournalEvent,
  { type: 'paused' | 'unpaused' | 'abort_requested' | 'stop_requested' }
>;

/** The requests that the engine's loop has not come to. */
export class ControlRequests {
  readonly #announce: () => void;
  #waiting: ControlRequest[] = [];
  #isOpen = true;

  /** @param announce tells the loop that something has come */
  constructor(announce: () => void) {
    this.#announce = announce;
  }

  /** False when the run is over and nothing can be asked of it. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** False when nothing can be asked any more. */
  add(request: ControlRequest): boolean {
    if (!this.#isOpen) return false;
    this.#waiting.push(request);
    this.#announce();
    return true;
  }

  take(): readonly ControlRequest[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  close(): void {
    this.#isOpen = false;
  }
}

/** Journals what was asked, and does it. Requests that change nothing any more leave no trace. */
export async function carryOutRequests(
  parts: EngineParts,
  requests: readonly ControlRequest[],
): Promise<void> {
  const { record, setup, running } = parts;
  let state = record.state;
  const events: ControlRequest[] = [];
  for (const request of requests) {
    if (!changesSomething(request, state)) continue;
    events.push(request);
    state = foldEvent(state, request);
  }
  await record.append(events);
  for (const event of events) {
    if (event.type === 'abort_requested')
      running.find(event.job)?.abort({ status: 'aborted', reason: event.reason });
    if (event.type === 'paused' && event.worker !== undefined) setup.scheduler.pause(event.worker);
    if (event.type === 'unpaused' && event.worker !== undefined) setup.scheduler.unpause(event.worker);
  }
}

const STOP_ORDER: readonly StopTime[] = ['after-round', 'after-jobs', 'now'];

function changesSomething(request: ControlRequest, state: RunState): boolean {
  switch (request.type) {
    case 'paused':
    case 'unpaused':
      return isPaused(state, request.worker) !== (request.type === 'paused');
    case 'abort_requested':
      return state.running.some(({ name, abort }) => name === request.job && abort === undefined);
    case 'stop_requested': {
      const orderOf = ({ when = 'now' }: { when?: StopTime | undefined }): number => STOP_ORDER.indexOf(when);
      return state.stop === undefined || orderOf(request) > orderOf(state.stop);
    }
  }
}

function isPaused(state: RunState, worker: string | undefined): boolean {
  return worker === undefined ? state.isPaused : state.pausedWorkers.includes(worker);
}

/** How the workers stand. */
export function describeWorkers(state: RunState, scheduler: Pick<Scheduler, 'list'>): RunWorkers {
  const jobs = new Map(state.running.map(({ name, lease }) => [lease.worker, name]));
  return {
    isPaused: state.isPaused,
    workers: scheduler.list().map((worker) => {
      const job = jobs.get(worker.name);
      return job === undefined ? worker : { ...worker, job };
    }),
  };
}

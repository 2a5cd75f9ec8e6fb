import type { RunControls, RunStop } from '../../common/run/run-controls.ts';
import type { RunWorkers } from '../../common/run/worker-status.ts';
import { describeWorkers, type ControlRequests } from './control-requests.ts';
import type { EngineParts } from './engine-parts.ts';

const STOPPED = 'it was stopped by the user';
const ABORTED = 'it was aborted by the user';

/** What the user of a run may ask of its engine; the engine's loop does it. */
export class EngineControls implements RunControls {
  readonly #parts: Pick<EngineParts, 'record' | 'running' | 'setup'>;
  readonly #requests: ControlRequests;

  constructor(parts: Pick<EngineParts, 'record' | 'running' | 'setup'>, requests: ControlRequests) {
    this.#parts = parts;
    this.#requests = requests;
  }

  pause(worker?: string): boolean {
    return this.#ask('paused', worker);
  }

  unpause(worker?: string): boolean {
    return this.#ask('unpaused', worker);
  }

  abortJob(job: string, reason = ABORTED): boolean {
    if (this.#parts.running.find(job) === undefined) return false;
    return this.#requests.add({ type: 'abort_requested', job, reason });
  }

  abortWorker(worker: string, reason = ABORTED): boolean {
    const job = this.#parts.running.findOfWorker(worker)?.job.name;
    return job !== undefined && this.abortJob(job, reason);
  }

  stop({ when = 'now', resumable = true, reason = STOPPED }: RunStop = {}): boolean {
    return this.#requests.add({
      ...{ type: 'stop_requested', issuer: 'user', reason, resumable },
      ...(when === 'now' ? {} : { when }),
    });
  }

  workers(): RunWorkers {
    const { record, setup } = this.#parts;
    return describeWorkers(record.state, setup.scheduler);
  }

  #ask(type: 'paused' | 'unpaused', worker: string | undefined): boolean {
    if (worker === undefined) return this.#requests.add({ type });
    const isKnown = this.#parts.setup.scheduler.list().some(({ name }) => name === worker);
    return isKnown && this.#requests.add({ type, worker });
  }
}

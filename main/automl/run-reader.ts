import { basename } from 'node:path';
import { FaultError } from '../../common/fault.ts';
import { JobRecords, type JobRecord } from '../../common/run/job-record.ts';
import type { JournalEntry, RunHost } from '../../common/run/journal-event.ts';
import type { RunWorkers } from '../../common/run/worker-status.ts';
import { describeRunProgress, type RunningJobTime } from '../engine/run-progress.ts';
import { emptyRunState, foldEvent, type RunState } from '../engine/run-state.ts';
import { JOURNAL_START, readJournal, type JournalPart } from '../journal/read-journal.ts';
import { readRunLock } from '../journal/run-lock.ts';
import type { RunPorts } from './run-request.ts';
import { folderExists } from '../node/folder-exists.ts';
import { RUN_FILES, runFile } from './run-folder.ts';
import type { RunCondition, RunOwner, RunView } from './run-view.ts';

/** What a reader needs of the machine. */
export type ReaderPorts = Pick<RunPorts, 'clock' | 'processes'>;

/** What a run's folder says that it did not say before. */
export interface RunNews {
  readonly entries: readonly JournalEntry[];
  /** The jobs that the entries are about, as they are now. */
  readonly jobs: readonly JobRecord[];
  readonly view: RunView;
}

/** Follows a run by its folder, whichever process carries it out. It only reads. */
export class RunReader {
  readonly #root: string;
  readonly #ports: ReaderPorts;
  readonly #jobs = new JobRecords();
  /** When each running job was started last. */
  readonly #startedAt = new Map<string, number>();
  #cursor = JOURNAL_START;
  #state: RunState = emptyRunState;
  #settings: Readonly<Record<string, unknown>> = {};
  #host: RunHost | undefined;
  #createdAt: string | undefined;
  #startOfRun = 0;
  #changedAt: string | undefined;

  /** @param runRoot absolute path of the run's folder */
  constructor(runRoot: string, ports: ReaderPorts) {
    this.#root = runRoot;
    this.#ports = ports;
  }

  /** All jobs so far, in the order of starting. */
  jobs(): readonly JobRecord[] {
    return this.#jobs.list();
  }

  /**
   * Reads what has come since the last call.
   *
   * @throws FaultError `run-not-found` for a folder that is no run's, `journal-damaged`
   */
  async read(): Promise<RunNews> {
    // The lock first: who is gone by now has written all that there will be.
    const before = await this.#readOwner();
    const { entries, cursor } = await this.#readEntries(before);
    this.#cursor = cursor;
    const changed = new Set(entries.flatMap((entry) => this.#takeIn(entry) ?? []));
    const isOpen = this.#state.end === undefined;
    // Somebody may have gone on with the run between the two.
    const owner = isOpen && before?.isAlive !== true ? await this.#readOwner() : before;
    return {
      entries,
      jobs: [...changed].map((job) => this.#jobs.get(job)!),
      view: this.#describe(owner),
    };
  }

  async #readEntries(owner: RunOwner | undefined): Promise<JournalPart> {
    try {
      return await readJournal(runFile(this.#root, 'journal'), this.#cursor, RUN_FILES.journal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if (owner !== undefined && (await folderExists(this.#root)))
        return { entries: [], cursor: JOURNAL_START, tornBytes: 0 };
      throw new FaultError({
        code: 'run-not-found',
        file: basename(this.#root),
        message: 'There is no run of this name.',
      });
    }
  }

  async #readOwner(): Promise<RunOwner | undefined> {
    const { processes } = this.#ports;
    const holder = await readRunLock(runFile(this.#root, 'lock'));
    if (holder === undefined) return undefined;
    const { pid, host, started } = holder;
    const self = processes.self();
    const isHere = host === self.host;
    const isAlive = isHere ? processes.identify(pid)?.started === started : undefined;
    if (isAlive === false) return undefined;
    return { pid, host, isAlive, isThisProcess: isHere && pid === self.pid && started === self.started };
  }

  /** The name of the job that the entry is about. */
  #takeIn(entry: JournalEntry): string | undefined {
    const { event, at } = entry;
    this.#state = foldEvent(this.#state, event);
    this.#changedAt = at;
    if (event.type === 'run_created') {
      this.#createdAt = at;
      this.#settings = event.settings;
    }
    if (event.type === 'run_created' || event.type === 'resumed') {
      this.#host = event.host;
      this.#startOfRun = Date.parse(at);
    }
    if (event.type === 'job_started') this.#startedAt.set(event.job, Date.parse(at));
    return this.#jobs.add(entry)?.job;
  }

  #describe(owner: RunOwner | undefined): RunView {
    const { stop, end, identity, space, best } = this.#state;
    const condition: RunCondition = end?.status ?? (owner === undefined ? 'killed' : 'running');
    const reason = end?.reason ?? stop?.reason;
    return {
      runId: basename(this.#root),
      runFolder: this.#root,
      condition,
      isResumable: condition === 'killed' || condition === 'interrupted' || condition === 'failed',
      settings: this.#settings,
      progress: this.#describeProgress(condition === 'running'),
      workers: this.#describeWorkers(condition === 'running'),
      ...(reason === undefined ? {} : { reason }),
      ...(stop === undefined || end !== undefined ? {} : { stop }),
      ...(owner === undefined ? {} : { owner }),
      ...(identity === undefined ? {} : { identity }),
      ...(this.#host === undefined ? {} : { host: this.#host }),
      ...(space === undefined ? {} : { space }),
      ...(this.#createdAt === undefined ? {} : { createdAt: this.#createdAt }),
      ...(this.#changedAt === undefined ? {} : { changedAt: this.#changedAt }),
      ...(best === undefined ? {} : { best }),
    };
  }

  #describeProgress(isRunning: boolean): RunView['progress'] {
    const now = isRunning ? this.#ports.clock.now() : Date.parse(this.#changedAt ?? '') || 0;
    const running = isRunning ? this.#state.running : [];
    const times = running.map(({ name }): RunningJobTime => {
      const secondsLeft = this.#jobs.get(name)?.progress?.secondsLeft;
      const secondsElapsed = Math.max(0, now - this.#startedAt.get(name)!) / 1000;
      return secondsLeft === undefined ? { secondsElapsed } : { secondsElapsed, secondsLeft };
    });
    const elapsed = this.#startOfRun === 0 ? 0 : Math.max(0, now - this.#startOfRun) / 1000;
    return describeRunProgress(this.#state, times, this.#host?.devices?.length ?? 1, elapsed);
  }

  #describeWorkers(isRunning: boolean): RunWorkers {
    const { running, isPaused, pausedWorkers } = this.#state;
    const workers = (this.#host?.devices ?? []).map((devices, index) => {
      const name = `W${index + 1}`;
      const job = isRunning ? running.find(({ lease }) => lease.worker === name)?.name : undefined;
      const busy = job !== undefined;
      const state = pausedWorkers.includes(name) ? 'paused' : busy ? 'busy' : 'idle';
      return { name, devices, state, busy, ...(busy ? { job } : {}) } as const;
    });
    return { isPaused, workers };
  }
}

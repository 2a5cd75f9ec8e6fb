import type { MmarId } from '../../../common/api/ids.ts';
import type { RunPlan } from '../../../common/api/runs.ts';
import type { OuterloopClient } from '../../../common/api/index.ts';

/** What a search would cost, in words and seconds. */
export interface CostEstimate {
  /** Jobs that would be run; undefined when the search never ends by itself. */
  readonly planned: number | undefined;
  readonly secondsPerJob: number | undefined;
  /** Where the time per job is known from. */
  readonly source: string;
  readonly seconds: number | undefined;
}

const SOURCES = {
  'earlier-runs': 'from earlier runs',
  'measured-steps': 'measured',
  files: 'guessed from the data',
} as const;

/** What is asked for an estimate. */
type CostApi = Pick<OuterloopClient, 'runs' | 'settings' | 'system'>;

/** What main knows of the cost of a search over an MMAR as it is saved: time per job, workers, planned jobs. */
export class SearchCost {
  readonly #api: CostApi;
  readonly #mmar: MmarId;
  #plan = $state.raw<RunPlan | undefined>(undefined);
  #workers = $state('');
  #workersProblem = $state<string | undefined>(undefined);

  constructor(api: CostApi, mmar: MmarId) {
    this.#api = api;
    this.#mmar = mmar;
  }

  get plan(): RunPlan | undefined {
    return this.#plan;
  }

  /** The workers that a new run on this machine begins with, as the settings say; empty: one for each GPU. */
  get workers(): string {
    return this.#workers;
  }

  /** Why the last change of the workers was not taken. */
  get workersProblem(): string | undefined {
    return this.#workersProblem;
  }

  /** Asks again, after something was saved. Without an answer the cost is unknown. */
  async load(): Promise<void> {
    try {
      const { settings } = await this.#api.settings.get({});
      this.#workers = settings.compute.workers;
      const chosen = this.#workers === '' ? {} : { workers: this.#workers };
      this.#plan = await this.#api.runs.plan({ mmar: this.#mmar, ...chosen });
    } catch {
      this.#plan = undefined;
    }
  }

  /** Keeps other workers in the settings. False, and a problem, for a text that means none on this machine. */
  async setWorkers(text: string): Promise<boolean> {
    this.#workersProblem = undefined;
    try {
      const faults = text === '' ? [] : (await this.#api.system.readWorkers({ text })).faults;
      if (faults.length > 0) {
        this.#workersProblem = [faults[0]!.message, faults[0]!.allowed].filter(Boolean).join(' Allowed: ');
        return false;
      }
      await this.#api.settings.update({ compute: { workers: text } });
      await this.load();
      return true;
    } catch (error) {
      this.#workersProblem = error instanceof Error ? error.message : String(error);
      return false;
    }
  }

  /** @param possible the number of different jobs as the config is now; null when there is no end to them */
  estimate(possible: number | null): CostEstimate {
    const plan = this.#plan;
    const limit = plan?.jobs.planned;
    const planned = possible === null ? limit : Math.min(possible, limit ?? possible);
    const secondsPerJob = plan?.secondsPerJob?.value;
    const workers = Math.max(1, plan?.workers.length ?? 1);
    const seconds =
      planned === undefined || secondsPerJob === undefined
        ? undefined
        : Math.ceil(planned / workers) * secondsPerJob;
    const from = plan?.secondsPerJob?.from;
    return { planned, secondsPerJob, source: from === undefined ? '' : SOURCES[from], seconds };
  }
}

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
  #asked: string | undefined;
  #problem = $state.raw<{ readonly text: string; readonly message: string | undefined } | undefined>(
    undefined,
  );

  constructor(api: CostApi, mmar: MmarId) {
    this.#api = api;
    this.#mmar = mmar;
  }

  get plan(): RunPlan | undefined {
    return this.#plan;
  }

  /** The workers that a new run on this machine begins with, as the settings say; empty: one on the first GPU. */
  get workers(): string {
    return this.#workers;
  }

  /** Asks again, after something was saved. Without an answer the cost is unknown. */
  async load(): Promise<void> {
    try {
      const { settings } = await this.#api.settings.get({});
      const { workers } = settings.compute;
      this.#workers = workers;
      const plan = await this.#api.runs.plan({ mmar: this.#mmar });
      // What the search's own config says comes before the machine's settings.
      const isSaid = plan.defaults.workers !== undefined || workers === '';
      this.#plan = isSaid ? plan : await this.#api.runs.plan({ mmar: this.#mmar, workers });
    } catch {
      this.#plan = undefined;
    }
  }

  /** What is wrong with these workers on this machine; undefined for nothing, and until {@link checkWorkers} knows. */
  problemOf(text: string): string | undefined {
    return this.#problem?.text === text ? this.#problem.message : undefined;
  }

  /** Looks whether this machine has the devices of these workers. */
  async checkWorkers(text: string): Promise<void> {
    this.#asked = text;
    const [fault] = await this.#api.system.readWorkers({ text }).then(
      ({ faults }) => faults,
      // The line is cut: nobody knows.
      () => [],
    );
    const message = [fault?.message, fault?.allowed].filter(Boolean).join(' Allowed: ') || undefined;
    if (text === this.#asked) this.#problem = { text, message };
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

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

/** What main knows of the cost of a search over an MMAR as it is saved: time per job, workers, planned jobs. */
export class SearchCost {
  readonly #api: Pick<OuterloopClient, 'runs'>;
  readonly #mmar: MmarId;
  #plan = $state.raw<RunPlan | undefined>(undefined);

  constructor(api: Pick<OuterloopClient, 'runs'>, mmar: MmarId) {
    this.#api = api;
    this.#mmar = mmar;
  }

  get plan(): RunPlan | undefined {
    return this.#plan;
  }

  /** Asks again, after something was saved. Without an answer the cost is unknown. */
  async load(): Promise<void> {
    this.#plan = await this.#api.runs.plan({ mmar: this.#mmar }).catch(() => undefined);
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

import type { MmarId } from '../../../common/api/ids.ts';
import type { RunForm, RunPlan } from '../../../common/api/runs.ts';
import type { Fault } from '../../../common/fault.ts';
import { api } from '../../api.ts';
import { userSettings } from '../../user-settings.svelte.ts';

const PLAN_DELAY_MS = 350;
const DEFAULT_CONFIG = 'config_automl.json';

/** What a user decides before a run, and what would come of it. */
export class StartRunModel {
  readonly mmar: MmarId;
  run = $state('');
  /** As the settings say; as the search config does, once that is read. */
  workers = $state(userSettings.current?.compute.workers || '0');
  automlConf = $state(DEFAULT_CONFIG);
  seed = $state<number | undefined>(undefined);
  trust = $state(false);
  maxJobMinutes = $state<number | undefined>(undefined);
  maxRunHours = $state<number | undefined>(undefined);
  #plan = $state.raw<RunPlan | undefined>(undefined);
  #isPlanning = $state(true);
  #isMeasuring = $state(false);
  #isStarting = $state(false);
  #measured = $state<number | undefined>(undefined);
  #problem = $state.raw<unknown>(undefined);
  #planning: AbortController | undefined;
  /** The search config whose defaults stand in the form. */
  #filledFrom = $state<string | undefined>(undefined);

  constructor(mmar: MmarId) {
    this.mmar = mmar;
  }

  get form(): RunForm {
    return {
      mmar: this.mmar,
      trust: this.trust,
      ...(this.run.trim() === '' ? {} : { run: this.run.trim() }),
      ...(this.automlConf === DEFAULT_CONFIG ? {} : { automlConf: this.automlConf }),
      ...(this.seed === undefined ? {} : { seed: this.seed }),
      ...(this.#filledFrom === undefined
        ? {}
        : {
            ...(this.workers.trim() === '' ? {} : { workers: this.workers.trim() }),
            maxJobSeconds: this.maxJobMinutes === undefined ? null : this.maxJobMinutes * 60,
            maxRunSeconds: this.maxRunHours === undefined ? null : this.maxRunHours * 3600,
          }),
    };
  }

  get plan(): RunPlan | undefined {
    return this.#plan;
  }

  get isPlanning(): boolean {
    return this.#isPlanning;
  }

  get isMeasuring(): boolean {
    return this.#isMeasuring;
  }

  get isStarting(): boolean {
    return this.#isStarting;
  }

  get problem(): unknown {
    return this.#problem;
  }

  /** Seconds per job: as measured now, else as earlier runs tell. */
  get secondsPerJob(): number | undefined {
    return this.#measured ?? this.#plan?.secondsPerJob?.value;
  }

  get wasMeasured(): boolean {
    return this.#measured !== undefined;
  }

  get secondsInAll(): number | undefined {
    const { plan, secondsPerJob } = this;
    if (plan?.jobs.planned === undefined || secondsPerJob === undefined || plan.workers.length === 0)
      return undefined;
    return Math.ceil(plan.jobs.planned / plan.workers.length) * secondsPerJob;
  }

  /** What keeps the run from starting. */
  get faults(): readonly Fault[] {
    const faults = this.#plan?.faults ?? [];
    return this.isDiskShort && faults.length === 0 ? [diskFault] : faults;
  }

  get isDiskShort(): boolean {
    const { bytesInAll, freeBytes = 0 } = this.#plan ?? {};
    return bytesInAll !== undefined && bytesInAll > freeBytes;
  }

  get canStart(): boolean {
    return !this.#isPlanning && this.#plan !== undefined && this.faults.length === 0;
  }

  /** Plans anew, a moment after the last change. */
  planSoon(form: RunForm): () => void {
    this.#planning?.abort();
    const planning = new AbortController();
    this.#planning = planning;
    this.#isPlanning = true;
    const timer = setTimeout(() => void this.#read(form, planning.signal), PLAN_DELAY_MS);
    return () => {
      clearTimeout(timer);
      planning.abort();
    };
  }

  async measure(): Promise<void> {
    this.#isMeasuring = true;
    this.#problem = undefined;
    try {
      this.#measured = (await api.runs.measure(this.form)).secondsPerJob;
    } catch (error) {
      this.#problem = error;
    } finally {
      this.#isMeasuring = false;
    }
  }

  /** The name of the run that was started; undefined when it could not be. */
  async start(): Promise<string | undefined> {
    this.#isStarting = true;
    this.#problem = undefined;
    try {
      return (await api.runs.start(this.form)).run;
    } catch (error) {
      this.#problem = error;
      return undefined;
    } finally {
      this.#isStarting = false;
    }
  }

  /** Puts what the search config says into the form, once for each config. */
  #fill({ defaults }: RunPlan, config: string): void {
    if (this.#filledFrom === config) return;
    this.#filledFrom = config;
    if (defaults.workers !== undefined) this.workers = defaults.workers;
    this.maxJobMinutes = defaults.maxJobSeconds === undefined ? undefined : defaults.maxJobSeconds / 60;
    this.maxRunHours = defaults.maxRunSeconds === undefined ? undefined : defaults.maxRunSeconds / 3600;
  }

  async #read(form: RunForm, signal: AbortSignal): Promise<void> {
    try {
      const plan = await api.runs.plan(form, { signal });
      this.#plan = plan;
      this.#problem = undefined;
      this.#fill(plan, form.automlConf ?? DEFAULT_CONFIG);
    } catch (error) {
      if (signal.aborted) return;
      this.#problem = error;
      this.#plan = undefined;
    }
    this.#isPlanning = false;
  }
}

const diskFault: Fault = {
  code: 'disk-full',
  message: 'The jobs would not fit on the disk.',
  allowed:
    'more room, or num_mmars_to_keep of the MMARHandler in config_automl.json: it deletes the folders of weaker jobs',
};

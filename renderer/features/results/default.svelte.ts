import type { MmarId } from '../../../common/api/ids.ts';
import type { DefaultChange } from '../../../common/api/results.ts';
import { api } from '../../api.ts';

/** A job's values on their way into the MMAR's train config. */
export class DefaultModel {
  readonly #job: { readonly mmar: MmarId; readonly run: string; readonly job: string };
  #change = $state.raw<DefaultChange | undefined>(undefined);
  #problem = $state.raw<unknown>(undefined);
  #isApplying = $state(false);

  constructor(job: { readonly mmar: MmarId; readonly run: string; readonly job: string }) {
    this.#job = job;
  }

  /** Undefined until it is read. */
  get change(): DefaultChange | undefined {
    return this.#change;
  }

  get problem(): unknown {
    return this.#problem;
  }

  get isApplying(): boolean {
    return this.#isApplying;
  }

  async read(): Promise<void> {
    this.#problem = undefined;
    try {
      this.#change = await api.results.defaultChange(this.#job);
    } catch (error) {
      this.#problem = error;
    }
  }

  /** True when the config was changed. */
  async apply(): Promise<boolean> {
    if (this.#change === undefined) return false;
    this.#isApplying = true;
    try {
      await api.results.makeDefault({ ...this.#job, digest: this.#change.digest });
      return true;
    } catch (error) {
      this.#problem = error;
      return false;
    } finally {
      this.#isApplying = false;
    }
  }
}

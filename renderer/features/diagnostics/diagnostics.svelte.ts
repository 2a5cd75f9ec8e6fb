import type { Diagnostics } from '../../../common/api/system.ts';
import { api } from '../../api.ts';

/** What this machine and this program are, and what went wrong. */
export class DiagnosticsModel {
  #found = $state.raw<Diagnostics | undefined>(undefined);
  #problem = $state.raw<unknown>(undefined);
  #isReading = $state(false);

  get found(): Diagnostics | undefined {
    return this.#found;
  }

  get problem(): unknown {
    return this.#problem;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  async read(): Promise<void> {
    this.#isReading = true;
    this.#problem = undefined;
    try {
      this.#found = await api.system.diagnostics({});
    } catch (error) {
      this.#problem = error;
    } finally {
      this.#isReading = false;
    }
  }
}

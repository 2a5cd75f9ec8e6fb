import type { MachineUse } from '../../../common/api/machine-use.ts';
import { api } from '../../api.ts';

const SAMPLES_KEPT = 60;

/** How busy the machine is, now and in the last two minutes. */
export class MachineModel {
  #samples = $state.raw<readonly MachineUse[]>([]);

  get now(): MachineUse | undefined {
    return this.#samples.at(-1);
  }

  /** The share of a resource over the last samples, oldest first. */
  history(read: (use: MachineUse) => number | undefined): readonly number[] {
    return this.#samples.flatMap((use) => read(use) ?? []);
  }

  /** Follows until the signal aborts. A machine that cannot be asked is not shown: nothing else depends on it. */
  async follow(signal: AbortSignal): Promise<void> {
    try {
      for await (const use of api.runs.machine({}, { signal }))
        this.#samples = [...this.#samples, use].slice(-SAMPLES_KEPT);
    } catch {
      this.#samples = [];
    }
  }
}

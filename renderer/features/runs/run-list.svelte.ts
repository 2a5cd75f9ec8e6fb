import type { MmarId } from '../../../common/api/ids.ts';
import type { BrokenRun, RunHead } from '../../../common/api/runs.ts';
import { api } from '../../api.ts';

/** How often runs of other programs are looked for. */
const POLL_MS = 5000;

/** The runs of one MMAR. */
export class RunListModel {
  readonly mmar: MmarId;
  #runs = $state.raw<readonly RunHead[] | undefined>(undefined);
  #broken = $state.raw<readonly BrokenRun[]>([]);
  #problem = $state.raw<unknown>(undefined);

  constructor(mmar: MmarId) {
    this.mmar = mmar;
  }

  /** Newest first; undefined until they are read for the first time. */
  get runs(): readonly RunHead[] | undefined {
    return this.#runs;
  }

  get broken(): readonly BrokenRun[] {
    return this.#broken;
  }

  get problem(): unknown {
    return this.#problem;
  }

  /** Reads the runs now, whenever one of this program begins or ends, and every few seconds; until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    const timer = setInterval(() => void this.read(), POLL_MS);
    try {
      await this.read();
      for await (const _active of api.runs.activity({}, { signal })) await this.read();
    } catch (error) {
      if (!signal.aborted) this.#problem = error;
    } finally {
      clearInterval(timer);
    }
  }

  async read(): Promise<void> {
    try {
      const { runs, broken } = await api.runs.list({ mmar: this.mmar });
      this.#runs = runs;
      this.#broken = broken;
      this.#problem = undefined;
    } catch (error) {
      this.#problem = error;
    }
  }

  /** @param forever where there is no trash */
  async remove(run: string, forever: boolean): Promise<void> {
    await api.runs.remove({ mmar: this.mmar, run, forever });
    await this.read();
  }
}

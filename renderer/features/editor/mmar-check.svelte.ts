import type { MmarId } from '../../../common/api/ids.ts';
import type { Fault } from '../../../common/fault.ts';
import type { EditorApi } from './editor-api.ts';

/** What a check of a whole MMAR found. */
export interface CheckReport {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** The check of the whole MMAR as it is saved, with its data and models: it is run when it is asked for. */
export class MmarCheck {
  readonly #api: EditorApi;
  readonly #mmar: MmarId;
  #report = $state.raw<CheckReport | undefined>();
  #error = $state.raw<unknown>(undefined);
  #isRunning = $state(false);

  constructor(api: EditorApi, mmar: MmarId) {
    this.#api = api;
    this.#mmar = mmar;
  }

  /** What the last check found; undefined before the first. */
  get report(): CheckReport | undefined {
    return this.#report;
  }

  /** Why the last check came to nothing. */
  get error(): unknown {
    return this.#error;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  async run(): Promise<void> {
    this.#isRunning = true;
    try {
      this.#report = await this.#api.checks.mmar({ mmar: this.#mmar });
      this.#error = undefined;
    } catch (error) {
      this.#error = error;
    } finally {
      this.#isRunning = false;
    }
  }
}

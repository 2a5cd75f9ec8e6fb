import type { HeldBackItem, OutboxRow } from '../../../common/api/remotes.ts';
import type { TrackedRunDetail } from '../../../common/api/tracking.ts';
import { api } from '../../api.ts';

/** One run with all that there is of it, kept up to date while it is looked at. */
export class RunDetailModel {
  readonly run: string;
  #detail = $state.raw<TrackedRunDetail | undefined>(undefined);
  #outbox = $state.raw<readonly OutboxRow[]>([]);
  #heldBack = $state.raw<Readonly<Record<string, readonly HeldBackItem[]>>>({});
  #problem = $state.raw<unknown>(undefined);

  constructor(run: string) {
    this.run = run;
  }

  get detail(): TrackedRunDetail | undefined {
    return this.#detail;
  }

  /** How the run stands with each remote server. */
  get outbox(): readonly OutboxRow[] {
    return this.#outbox;
  }

  /** What was held back, by the name of the server; read by {@link showHeldBack}. */
  get heldBack(): Readonly<Record<string, readonly HeldBackItem[]>> {
    return this.#heldBack;
  }

  get problem(): unknown {
    return this.#problem;
  }

  async follow(signal: AbortSignal): Promise<void> {
    this.#problem = undefined;
    try {
      for await (const _change of api.tracking.changes({}, { signal })) {
        this.#detail = await api.tracking.run({ run: this.run });
        this.#outbox = (await api.remotes.outbox({ runIds: [this.run] })).rows;
      }
    } catch (error) {
      if (!signal.aborted) this.#problem = error;
    }
  }

  async showHeldBack(remote: string): Promise<void> {
    const items = await api.remotes.heldBack({ name: remote, runId: this.run });
    this.#heldBack = { ...this.#heldBack, [remote]: items };
  }
}

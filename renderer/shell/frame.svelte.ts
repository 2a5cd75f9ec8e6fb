import type { MmarCard } from '../../common/api/library.ts';
import type { MmarId } from '../../common/api/ids.ts';
import { api } from '../api.ts';

/** The MMAR that the window is about, and those that were open before it. */
export class Frame {
  #mmar = $state.raw<MmarCard | undefined>(undefined);
  #problem = $state.raw<unknown>(undefined);
  #recent = $state.raw<readonly MmarCard[]>([]);
  #last = $state<string | undefined>(undefined);
  #wanted: string | undefined;

  /** Undefined while it is read, and in views of no MMAR. */
  get mmar(): MmarCard | undefined {
    return this.#mmar;
  }

  /** Why the MMAR of the address cannot be shown. */
  get problem(): unknown {
    return this.#problem;
  }

  get recent(): readonly MmarCard[] {
    return this.#recent;
  }

  /** The MMAR that is open or was open last: where views of the program lead back to. */
  get last(): MmarCard | undefined {
    return this.#recent.find(({ mmar, state }) => mmar === this.#last && state !== 'gone');
  }

  /** Reads the MMAR of an address; undefined closes it. */
  async show(mmar: string | undefined): Promise<void> {
    if (mmar === this.#wanted) return;
    this.#wanted = mmar;
    this.#problem = undefined;
    if (mmar === undefined) {
      this.#mmar = undefined;
      return;
    }
    this.#last = mmar;
    await this.#read(mmar as MmarId, true);
  }

  /** Follows the library until the signal aborts: names change, MMARs come and go. */
  async follow(signal: AbortSignal): Promise<void> {
    for await (const { isListed } of api.library.changes({}, { signal })) {
      if (isListed) this.#recent = (await api.library.list({})).mmars;
      if (this.#wanted !== undefined) await this.#read(this.#wanted as MmarId, false);
    }
  }

  async #read(mmar: MmarId, isFirst: boolean): Promise<void> {
    try {
      const card = await api.library.get({ mmar });
      if (this.#wanted !== mmar) return;
      this.#mmar = card;
      this.#problem = undefined;
      if (isFirst && card.state !== 'gone') await api.library.touch({ mmar });
    } catch (error) {
      if (this.#wanted !== mmar) return;
      this.#mmar = undefined;
      this.#problem = error;
    }
  }
}

export const frame = new Frame();

import type { ConnectionTest, OutboxRow, Remote, SendingPolicy } from '../../../common/api/remotes.ts';
import { api } from '../../api.ts';

const mostRows = 1000;

/** The servers that runs are sent to, how they stand, and the runs that go there. */
export class RemotesModel {
  #remotes = $state.raw<readonly Remote[] | undefined>(undefined);
  #protection = $state<'encrypted' | 'unprotected'>('encrypted');
  #rows = $state.raw<readonly OutboxRow[]>([]);
  #total = $state(0);
  #tests = $state.raw<Readonly<Record<string, ConnectionTest | 'running'>>>({});
  #problem = $state.raw<unknown>(undefined);
  #chosen = $state<string | undefined>(undefined);

  /** Undefined until they are read. */
  get remotes(): readonly Remote[] | undefined {
    return this.#remotes;
  }

  get protection(): 'encrypted' | 'unprotected' {
    return this.#protection;
  }

  /** Runs in the outbox, newest first; those of the chosen server when one is. */
  get rows(): readonly OutboxRow[] {
    return this.#rows;
  }

  /** How many there are, also those beyond the first thousand. */
  get total(): number {
    return this.#total;
  }

  /** The latest test of each server. */
  get tests(): Readonly<Record<string, ConnectionTest | 'running'>> {
    return this.#tests;
  }

  get problem(): unknown {
    return this.#problem;
  }

  get chosen(): string | undefined {
    return this.#chosen;
  }

  async follow(signal: AbortSignal): Promise<void> {
    this.#problem = undefined;
    try {
      for await (const _states of api.remotes.states({}, { signal })) await this.read();
    } catch (error) {
      if (!signal.aborted) this.#problem = error;
    }
  }

  async read(): Promise<void> {
    const { remotes, protection } = await api.remotes.list({});
    this.#remotes = remotes;
    this.#protection = protection;
    if (!remotes.some(({ name }) => name === this.#chosen)) this.#chosen = undefined;
    await this.#readRows();
  }

  async choose(name: string | undefined): Promise<void> {
    this.#chosen = name;
    await this.#readRows();
  }

  async test(name: string): Promise<void> {
    this.#tests = { ...this.#tests, [name]: 'running' };
    try {
      this.#tests = { ...this.#tests, [name]: await api.remotes.test({ name }) };
    } catch (error) {
      const { [name]: _running, ...others } = this.#tests;
      this.#tests = others;
      throw error;
    }
  }

  async sync(name: string): Promise<void> {
    await api.remotes.sync({ name });
  }

  async setPolicy(name: string, policy: SendingPolicy): Promise<void> {
    await api.remotes.setPolicy({ name, policy });
    await this.read();
  }

  async remove(name: string): Promise<void> {
    await api.remotes.remove({ name });
    await this.read();
  }

  async #readRows(): Promise<void> {
    const of = this.#chosen === undefined ? {} : { name: this.#chosen };
    const { rows, total } = await api.remotes.outbox({ ...of, limit: mostRows });
    this.#rows = rows;
    this.#total = total;
  }
}

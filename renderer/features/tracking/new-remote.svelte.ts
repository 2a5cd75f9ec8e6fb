import type { ConnectionTest, RemoteCredentials, SendingPolicy } from '../../../common/api/remotes.ts';
import { api } from '../../api.ts';

/** The form of a server that is to be added. Secrets stay in it only until it is sent. */
export class NewRemoteForm {
  name = $state('');
  url = $state('');
  kind = $state<RemoteCredentials['kind']>('token');
  token = $state('');
  username = $state('');
  password = $state('');
  variable = $state('MLFLOW_TRACKING_TOKEN');
  certificate = $state('');
  policy = $state.raw<SendingPolicy>({
    artifacts: ['config', 'stats', 'leaderboard', 'model'],
    tags: [],
    registeredModels: false,
    userName: false,
  });
  #test = $state.raw<ConnectionTest | undefined>(undefined);
  #problem = $state.raw<unknown>(undefined);
  #failed = $state<'test' | 'add'>('add');
  #busy = $state<'test' | 'add' | undefined>(undefined);

  readonly #credentials = $derived.by((): RemoteCredentials | undefined => {
    if (this.kind === 'none') return { kind: 'none' };
    if (this.kind === 'token') return this.token === '' ? undefined : { kind: 'token', token: this.token };
    if (this.kind === 'environment')
      return this.variable === '' ? undefined : { kind: 'environment', variable: this.variable };
    if (this.username === '' || this.password === '') return undefined;
    return { kind: 'password', username: this.username, password: this.password };
  });

  /** What the last test came to. */
  get test(): ConnectionTest | undefined {
    return this.#test;
  }

  get problem(): unknown {
    return this.#problem;
  }

  /** What it was that failed. */
  get failed(): 'test' | 'add' {
    return this.#failed;
  }

  get busy(): 'test' | 'add' | undefined {
    return this.#busy;
  }

  get isComplete(): boolean {
    return this.name.trim() !== '' && this.url.trim() !== '' && this.#credentials !== undefined;
  }

  async testConnection(): Promise<void> {
    await this.#work('test', async (remote) => {
      this.#test = undefined;
      this.#test = await api.remotes.test(remote);
    });
  }

  /** True when it was added. */
  async add(): Promise<boolean> {
    let isAdded = false;
    await this.#work('add', async (remote) => {
      await api.remotes.add(remote);
      isAdded = true;
    });
    return isAdded;
  }

  async #work(
    busy: 'test' | 'add',
    act: (remote: Parameters<typeof api.remotes.add>[0]) => Promise<void>,
  ): Promise<void> {
    const credentials = this.#credentials;
    if (credentials === undefined) return;
    this.#busy = busy;
    this.#problem = undefined;
    const certificate = this.certificate.trim();
    try {
      await act({
        name: this.name.trim(),
        url: this.url.trim(),
        credentials,
        policy: this.policy,
        ...(certificate === '' ? {} : { certificate }),
      });
    } catch (error) {
      this.#problem = error;
      this.#failed = busy;
    } finally {
      this.#busy = undefined;
    }
  }
}

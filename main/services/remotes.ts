import type { OutboxRow, Remote, remotesApi } from '../../common/api/remotes.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import { ItemQueue } from '../../common/rpc/item-queue.ts';
import type { TrackingTarget } from '../mlflow/client/tracking-target.ts';
import { addRemote, removeRemote, toRemoteEntry, type NewRemote } from '../mlflow/outbox/add-remote.ts';
import type { Courier } from '../mlflow/outbox/courier.ts';
import type { Outbox } from '../mlflow/outbox/outbox.ts';
import type { RemoteEntry } from '../mlflow/outbox/remote-book.ts';
import { testConnection } from '../mlflow/outbox/test-connection.ts';
import type { SecretStore } from '../ports/secret-store.ts';

export interface RemotesServiceParts {
  /** Throws a FaultError where it cannot be opened. */
  readonly outbox: () => Outbox;
  readonly courier: Courier;
  readonly secrets: SecretStore;
}

/** Keeps the servers that runs are sent to, and tells what has gone over. */
export function createRemotesService(parts: RemotesServiceParts): Handlers<typeof remotesApi> {
  const { outbox, courier, secrets } = parts;
  const view = (name: string): Remote => describeRemote(outbox().remotes.get(name), courier);
  return {
    list: async () => ({
      remotes: outbox()
        .remotes.list()
        .map((entry) => describeRemote(entry, courier)),
      protection: secrets.protection,
    }),
    add: async (remote) => {
      await addRemote(outbox(), secrets, toNewRemote(remote));
      courier.changed();
      return view(remote.name);
    },
    setPolicy: async ({ name, policy }) => {
      outbox().remotes.setPolicy(name, policy);
      courier.changed();
      return view(name);
    },
    remove: async ({ name }) => {
      await removeRemote(outbox(), secrets, name);
      courier.changed();
      return {};
    },
    test: async (asked, { signal }) => {
      const target =
        'url' in asked
          ? await targetOf(outbox(), toNewRemote(asked))
          : await outbox().target(outbox().remotes.get(asked.name));
      return testConnection(target, signal);
    },
    sync: async ({ name }) => {
      outbox().remotes.get(name);
      courier.kick(name);
      return {};
    },
    states: (_input, { signal }) => watchStates(parts, signal),
    outbox: async ({ name, runIds, offset, limit }) => {
      const names =
        name === undefined
          ? outbox()
              .remotes.list()
              .map((entry) => entry.name)
          : [outbox().remotes.get(name).name];
      const wanted = runIds === undefined ? undefined : new Set(runIds);
      const rows: readonly OutboxRow[] = names
        .flatMap((remote) => outbox().rows(remote))
        .filter(({ runId }) => wanted?.has(runId) ?? true);
      return { rows: rows.slice(offset, offset + limit), total: rows.length };
    },
    heldBack: async ({ name, runId }) => [...outbox().heldBack(name, runId)],
  };
}

async function* watchStates(
  { outbox, courier }: RemotesServiceParts,
  signal: AbortSignal,
): AsyncGenerator<{ name: string; state: Remote['state'] }[]> {
  const news = new ItemQueue<true>();
  const endListening = courier.listen(() => {
    // a slow window wants the newest state alone
    news.clear();
    news.push(true);
  });
  const end = (): void => news.end();
  signal.addEventListener('abort', end, { once: true });
  try {
    news.push(true);
    for await (const _ of news)
      yield outbox()
        .remotes.list()
        .map(({ name }) => ({ name, state: courier.state(name) }));
  } finally {
    endListening();
    signal.removeEventListener('abort', end);
  }
}

function describeRemote(entry: RemoteEntry, courier: Courier): Remote {
  const { name, url, credentials, variable, ca, policy } = entry;
  return {
    name,
    url,
    credentials,
    ...(variable === undefined ? {} : { variable }),
    hasCertificate: ca !== undefined,
    policy,
    state: courier.state(name),
  };
}

/** A server that is not added yet: its secret is in the request. */
async function targetOf(outbox: Outbox, remote: NewRemote): Promise<TrackingTarget> {
  const { credentials } = remote;
  const target = await outbox.target({
    ...toRemoteEntry(remote),
    credentials: credentials.kind === 'environment' ? 'environment' : 'none',
  });
  if (credentials.kind === 'token')
    return { ...target, credentials: { kind: 'bearer', token: credentials.token } };
  if (credentials.kind !== 'password') return target;
  const { username, password } = credentials;
  return { ...target, credentials: { kind: 'basic', username, password } };
}

type Asked = Omit<NewRemote, 'certificate' | 'policy'> & {
  readonly certificate?: string | undefined;
  readonly policy?: NewRemote['policy'] | undefined;
};

function toNewRemote({ name, url, credentials, certificate, policy }: Asked): NewRemote {
  return {
    name,
    url,
    credentials,
    ...(certificate === undefined || certificate === '' ? {} : { certificate }),
    ...(policy === undefined ? {} : { policy }),
  };
}

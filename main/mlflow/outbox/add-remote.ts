import type { RemoteCredentials, SendingPolicy } from '../../../common/api/remotes.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import { parseTrackingUrl } from '../client/tracking-target.ts';
import { DEFAULT_POLICY } from '../redact/allow-list.ts';
import { secretName, type Outbox } from './outbox.ts';
import type { RemoteEntry } from './remote-book.ts';

/** A server to be added. */
export interface NewRemote {
  readonly name: string;
  readonly url: string;
  readonly credentials: RemoteCredentials;
  /** PEM text. */
  readonly certificate?: string;
  readonly policy?: SendingPolicy;
  readonly insecureTls?: boolean;
}

/** What is kept of a new server, apart from its secret. @throws FaultError `usage` */
export function toRemoteEntry(remote: NewRemote): RemoteEntry {
  const { name, url, credentials, certificate, policy, insecureTls = false } = remote;
  const username = 'username' in credentials ? credentials.username : undefined;
  return {
    name,
    url: parseTrackingUrl(url),
    credentials: credentials.kind,
    policy: policy ?? DEFAULT_POLICY,
    ...(username === undefined ? {} : { username }),
    ...(credentials.kind === 'environment' ? { variable: credentials.variable } : {}),
    ...(certificate === undefined ? {} : { ca: certificate }),
    ...(insecureTls ? { insecureTls } : {}),
  };
}

/** Keeps a server, and its token or password among the secrets. Nothing is sent yet. */
export async function addRemote(outbox: Outbox, secrets: SecretStore, remote: NewRemote): Promise<void> {
  const entry = toRemoteEntry(remote);
  outbox.remotes.add(entry);
  const secret = secretOf(remote.credentials);
  if (secret === undefined) return;
  try {
    await secrets.set(secretName(entry.name), secret);
  } catch (error) {
    outbox.remotes.remove(entry.name);
    throw error;
  }
}

/** Forgets a server, what was sent there, and its secret. What is there stays there. */
export async function removeRemote(outbox: Outbox, secrets: SecretStore, name: string): Promise<void> {
  outbox.remotes.remove(name);
  await secrets.delete(secretName(name));
}

function secretOf(credentials: RemoteCredentials): string | undefined {
  if (credentials.kind === 'token') return credentials.token;
  return credentials.kind === 'password' ? credentials.password : undefined;
}

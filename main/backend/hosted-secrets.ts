import { join } from 'node:path';
import { openJsonObjectFile } from '../node/json-object-file.ts';
import type { SecretStore } from '../ports/secret-store.ts';

/** Turns secrets into texts that only this user of this machine can turn back. */
export interface Vault {
  readonly protection: SecretStore['protection'];
  readonly backend?: string | undefined;
  encrypt(secret: string): Promise<string>;
  /** `isStale`: the key has changed, the secret should be encrypted anew. Rejects when it cannot be read any more. */
  decrypt(sealed: string): Promise<{ readonly secret: string; readonly isStale: boolean }>;
}

/** Secrets in `<dataFolder>/secrets.sealed.json`, each sealed by the system's key store. */
export function openSealedSecrets(dataFolder: string, vault: Vault): SecretStore {
  const path = join(dataFolder, 'secrets.sealed.json');
  const file = openJsonObjectFile(path);
  const seal = async (name: string, secret: string): Promise<void> => {
    const sealed = await vault.encrypt(secret);
    file.change((secrets) => secrets.set(name, sealed));
  };
  return {
    protection: vault.protection,
    file: path,
    ...(vault.backend === undefined ? {} : { backend: vault.backend }),
    async get(name) {
      const sealed = file.read().get(name);
      if (typeof sealed !== 'string') return undefined;
      // A secret of another machine or another user, or a key that was thrown away: it has to be entered again.
      const opened = await vault.decrypt(sealed).catch(() => undefined);
      if (opened?.isStale === true) await seal(name, opened.secret);
      return opened?.secret;
    },
    set: seal,
    async delete(name) {
      if (file.read().has(name)) file.change((secrets) => secrets.delete(name));
    },
  };
}

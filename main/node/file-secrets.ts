import { join } from 'node:path';
import type { SecretStore } from '../ports/secret-store.ts';
import { openJsonObjectFile } from './json-object-file.ts';

/** Secrets in `<dataFolder>/secrets.json`, which only the user may read (mode 0600) but which is not encrypted. */
export function openFileSecrets(dataFolder: string): SecretStore {
  const path = join(dataFolder, 'secrets.json');
  const file = openJsonObjectFile(path);
  return {
    protection: 'unprotected',
    file: path,
    get: async (name) => {
      const secret = file.read().get(name);
      return typeof secret === 'string' ? secret : undefined;
    },
    set: async (name, secret) => file.change((secrets) => secrets.set(name, secret)),
    delete: async (name) => {
      if (file.read().has(name)) file.change((secrets) => secrets.delete(name));
    },
  };
}

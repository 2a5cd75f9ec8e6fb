import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretStore } from '../ports/secret-store.ts';
import { writeAtomicSync } from './write-atomic-sync.ts';

/** Secrets in `<dataFolder>/secrets.json`, which only the user may read (mode 0600) but which is not encrypted. */
export function openFileSecrets(dataFolder: string): SecretStore {
  const file = join(dataFolder, 'secrets.json');
  const read = (): Record<string, string> => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    } catch {
      return {};
    }
  };
  const write = (secrets: Record<string, string>): void =>
    writeAtomicSync(file, `${JSON.stringify(secrets, null, 2)}\n`);
  return {
    protection: 'unprotected',
    get: async (name) => (Object.hasOwn(read(), name) ? read()[name] : undefined),
    set: async (name, secret) => write({ ...read(), [name]: secret }),
    delete: async (name) => {
      const { [name]: _gone, ...others } = read();
      write(others);
    },
  };
}

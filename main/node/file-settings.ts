import { join } from 'node:path';
import type { SettingsStore } from '../ports/settings-store.ts';
import { openJsonObjectFile } from './json-object-file.ts';

/** The file without its ending; the same in every host, so that they share it. */
export const SETTINGS_NAME = 'settings';

/** Settings in `<dataFolder>/settings.json`. */
export function openFileSettings(dataFolder: string): SettingsStore {
  const file = openJsonObjectFile(join(dataFolder, `${SETTINGS_NAME}.json`));
  return {
    get: (name) => readOr(file.read, new Map<string, unknown>()).get(name),
    set: (name, value) => file.change((values) => values.set(name, value)),
    delete: (name) => {
      if (file.read().has(name)) file.change((values) => values.delete(name));
    },
  };
}

/** Settings that cannot be read are defaults, not a window that does not open. */
function readOr<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Store from 'electron-store';
import { asFileFault } from '../../common/file-fault.ts';
import { SETTINGS_NAME } from '../node/file-settings.ts';
import type { SettingsStore } from '../ports/settings-store.ts';

/**
 * Settings by electron-store in `<dataFolder>/settings.json`, the file that the program behind and `serve` read and write
 * too. A file that is no JSON object is put aside as `settings.json.damaged`.
 */
export function openElectronSettings(dataFolder: string): SettingsStore {
  const fileName = `${SETTINGS_NAME}.json`;
  const file = join(dataFolder, fileName);
  // Opened for every use: it would otherwise refuse to open at all where the file cannot be read.
  const open = (): Store<Record<string, unknown>> => {
    putAsideDamaged(file);
    return new Store<Record<string, unknown>>({
      name: SETTINGS_NAME,
      cwd: dataFolder,
      // Names with dots are names.
      accessPropertiesByDotNotation: false,
      configFileMode: 0o600,
    });
  };
  const change = (work: (store: Store<Record<string, unknown>>) => void): void => {
    try {
      work(open());
    } catch (error) {
      throw asFileFault(error, fileName);
    }
  };
  return {
    get(name) {
      try {
        const { store } = open();
        return Object.hasOwn(store, name) ? store[name] : undefined;
      } catch {
        return undefined;
      }
    },
    set: (name, value) => change((store) => store.set(name, value)),
    delete: (name) => change((store) => store.delete(name)),
  };
}

function putAsideDamaged(file: string): void {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return;
  } catch {
    // No JSON is as damaged as no object.
  }
  renameSync(file, `${file}.damaged`);
}

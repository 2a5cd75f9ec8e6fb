import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SettingsStore } from '../ports/settings-store.ts';
import { writeAtomicSync } from './write-atomic-sync.ts';

/**
 * Settings in `<dataFolder>/settings.json`. What cannot be read counts as not set: the file that was there is kept beside
 * the new one as soon as something is set.
 */
export function openFileSettings(dataFolder: string): SettingsStore {
  const file = join(dataFolder, 'settings.json');
  const { values, unreadable } = readValues(file);
  let damaged = unreadable;
  const save = (): void => {
    if (damaged !== undefined) writeAtomicSync(`${file}.damaged`, damaged);
    damaged = undefined;
    writeAtomicSync(file, `${JSON.stringify(Object.fromEntries(values), null, 2)}\n`);
  };
  return {
    get: (name) => values.get(name),
    set(name, value) {
      values.set(name, value);
      save();
    },
    delete(name) {
      if (values.delete(name)) save();
    },
  };
}

function readValues(file: string): { values: Map<string, unknown>; unreadable?: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { values: new Map() };
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return { values: new Map(Object.entries(parsed)) };
  } catch {
    // Falls through: what is no JSON is as unreadable as what is no object.
  }
  return { values: new Map(), unreadable: text };
}

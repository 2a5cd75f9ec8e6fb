import { homedir } from 'node:os';
import { join } from 'node:path';
import { settings, type Settings } from '../../common/api/settings.ts';
import type { SettingsStore } from '../ports/settings-store.ts';

type Section = keyof Settings;

const sections = Object.keys(settings.shape) as readonly Section[];

/** The user's settings. A section that was never chosen, or that an older program wrote otherwise, is its default. */
export function readSettings(store: Pick<SettingsStore, 'get'>): Settings {
  const read = Object.fromEntries(
    sections.map((section) => {
      const schema = settings.shape[section];
      const kept = schema.safeParse(store.get(section));
      return [section, kept.success ? kept.data : schema.parse(undefined)];
    }),
  );
  return settings.parse(read);
}

/** Keeps the given sections; the others stay. Returns all settings. */
export function changeSettings(store: SettingsStore, change: Partial<Settings>): Settings {
  for (const section of sections) {
    if (change[section] !== undefined) store.set(section, change[section]);
  }
  return readSettings(store);
}

/** Where new MMARs are put, absolute. */
export function mmarFolder({ folders }: Settings): string {
  return folders.mmars === '' ? defaultMmarFolder() : folders.mmars;
}

export const defaultMmarFolder = (home = homedir()): string => join(home, 'MMARs');

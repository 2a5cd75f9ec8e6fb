import { homedir } from 'node:os';
import type { SettingsStore } from '../ports/settings-store.ts';
import { mmarFolder, readSettings } from '../settings/read-settings.ts';

/** The folders that the page itself may show and open files of: the home, that of MMARs, those that the settings name. */
export function browsableRoots(settings: SettingsStore): readonly string[] {
  const chosen = readSettings(settings);
  return [homedir(), mmarFolder(chosen), ...chosen.folders.roots];
}

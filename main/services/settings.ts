import type { settingsApi } from '../../common/api/settings.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import { changeSettings, defaultMmarFolder, readSettings } from '../settings/read-settings.ts';

export interface SettingsServiceParts {
  readonly settings: SettingsStore;
  readonly secrets: Pick<SecretStore, 'protection'>;
}

/** Gives and keeps what the user chose. */
export function createSettingsService(parts: SettingsServiceParts): Handlers<typeof settingsApi> {
  return {
    get: async () => ({
      settings: readSettings(parts.settings),
      defaultMmarFolder: defaultMmarFolder(),
      secrets: parts.secrets.protection,
    }),
    update: async (change) => changeSettings(parts.settings, change),
  };
}

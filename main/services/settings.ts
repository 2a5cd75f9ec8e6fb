import type { SecretKeeping, settingsApi } from '../../common/api/settings.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import { describePlace } from '../library/describe-place.ts';
import { changeSettings, defaultMmarFolder, readSettings } from '../settings/read-settings.ts';

export interface SettingsServiceParts {
  readonly settings: SettingsStore;
  readonly secrets: Pick<SecretStore, 'protection' | 'backend' | 'file'>;
}

/** Gives and keeps what the user chose. */
export function createSettingsService(parts: SettingsServiceParts): Handlers<typeof settingsApi> {
  return {
    get: async () => ({
      settings: readSettings(parts.settings),
      defaultMmarFolder: defaultMmarFolder(),
      secrets: describeSecrets(parts.secrets),
    }),
    update: async (change) => changeSettings(parts.settings, change),
  };
}

function describeSecrets({ protection, backend, file }: SettingsServiceParts['secrets']): SecretKeeping {
  return { protection, place: describePlace(file), ...(backend === undefined ? {} : { backend }) };
}

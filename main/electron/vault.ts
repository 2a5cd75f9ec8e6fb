import type { SafeStorage } from 'electron';
import type { Vault } from '../backend/hosted-secrets.ts';
import { FaultError } from '../../common/fault.ts';

/** Electron's safeStorage: the key lies in the system's key store. To be called when the app is ready. */
export function openVault(
  safeStorage: Pick<
    SafeStorage,
    'encryptStringAsync' | 'decryptStringAsync' | 'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend'
  >,
  platform: NodeJS.Platform,
): Vault {
  const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : undefined;
  return {
    // basic_text is a key that is the same everywhere: as good as none.
    protection: backend === 'basic_text' ? 'unprotected' : 'encrypted',
    backend: backend ?? (platform === 'darwin' ? 'keychain' : 'dpapi'),
    async encrypt(secret) {
      if (!(await safeStorage.isAsyncEncryptionAvailable()))
        throw new FaultError({
          code: 'usage',
          message: "The system's key store cannot be used now, so the secret was not kept.",
          allowed: 'to unlock the key store and try again',
        });
      return (await safeStorage.encryptStringAsync(secret)).toString('base64');
    },
    async decrypt(sealed) {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'));
      return { secret: result, isStale: shouldReEncrypt };
    },
  };
}

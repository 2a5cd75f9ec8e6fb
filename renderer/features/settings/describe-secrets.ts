import type { SecretKeeping } from '../../../common/api/settings.ts';

export interface DescribedSecrets {
  readonly tone: 'ok' | 'warn';
  readonly title: string;
  readonly text: string;
}

/** Key stores as their users know them, by Electron's names. */
const keyStores: Readonly<Record<string, string>> = {
  gnome_libsecret: 'the GNOME keyring',
  kwallet: 'KWallet',
  kwallet5: 'KWallet',
  kwallet6: 'KWallet',
  keychain: 'the macOS keychain',
  dpapi: 'Windows (DPAPI)',
};

/** How tokens are kept, what that protects from, and what would be better. */
export function describeSecrets({ protection, backend }: SecretKeeping): DescribedSecrets {
  if (protection === 'encrypted') {
    const store =
      backend !== undefined && Object.hasOwn(keyStores, backend)
        ? keyStores[backend]
        : "the system's key store";
    return {
      tone: 'ok',
      title: `Encrypted with a key of ${store}`,
      text: 'Only your account on this machine can read them. A copy of the file is of no use elsewhere.',
    };
  }
  if (backend === 'basic_text')
    return {
      tone: 'warn',
      title: 'Not protected: this desktop has no key store',
      text:
        'They are encrypted with a key that every program of this kind has (basic_text), which hides them from nobody. ' +
        'Install and unlock GNOME Keyring or KWallet, start the program again and enter the tokens anew.',
    };
  return {
    tone: 'warn',
    title: 'Kept in a file that only you can read, but not encrypted',
    text:
      'In a browser the program has no key store of the system. Whoever has your account, or a backup of it, has the tokens. ' +
      'Give them as few rights as the tracking server allows.',
  };
}

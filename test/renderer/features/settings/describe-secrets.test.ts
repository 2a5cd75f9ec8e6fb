import { expect, it } from 'vitest';
import { describeSecrets } from '../../../../renderer/features/settings/describe-secrets.ts';

const place = '~/.local/share/outerloop/secrets.json';

it('names the key store that keeps the key', () => {
  const titleOf = (backend?: string): string =>
    describeSecrets({ protection: 'encrypted', place, ...(backend === undefined ? {} : { backend }) }).title;
  expect(titleOf('gnome_libsecret')).toContain('GNOME keyring');
  expect(titleOf('kwallet6')).toContain('KWallet');
  expect(titleOf('keychain')).toContain('macOS keychain');
  expect(titleOf('dpapi')).toContain('Windows');
  expect(titleOf('unknown')).toContain("the system's key store");
  expect(titleOf()).toContain("the system's key store");
  expect(titleOf('constructor')).toContain("the system's key store");
});

it('warns of a key that everybody has, and of a file without one', () => {
  const basic = describeSecrets({ protection: 'unprotected', backend: 'basic_text', place });
  expect(basic).toMatchObject({ tone: 'warn', text: expect.stringContaining('GNOME Keyring') });
  const file = describeSecrets({ protection: 'unprotected', place });
  expect(file).toMatchObject({ tone: 'warn', title: expect.stringContaining('not encrypted') });
  expect(file.title).not.toBe(basic.title);
});

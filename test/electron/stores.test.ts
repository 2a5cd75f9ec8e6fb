import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSealedSecrets } from '../../main/backend/hosted-secrets.ts';
import { openElectronSettings } from '../../main/electron/electron-settings.ts';
import { openVault } from '../../main/electron/vault.ts';
import { openFileSettings } from '../../main/node/file-settings.ts';
import { describeSecretStore } from '../contracts/secret-store.contract.ts';
import { describeSettingsStore } from '../contracts/settings-store.contract.ts';
import { makeFakeSafeStorage } from './fake-electron.ts';

describeSettingsStore('electron-store', openElectronSettings);
describeSecretStore(
  'safeStorage',
  (folder) => openSealedSecrets(folder, openVault(makeFakeSafeStorage(), 'linux')),
  'secrets.sealed.json',
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-stores-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the settings of both hosts', () => {
  it('are one file', () => {
    openElectronSettings(folder).set('appearance', { theme: 'light' });
    openFileSettings(folder).set('window', { x: 1 });
    expect(openFileSettings(folder).get('appearance')).toEqual({ theme: 'light' });
    expect(openElectronSettings(folder).get('window')).toEqual({ x: 1 });
  });
});

describe('sealed secrets', () => {
  const file = (): string => join(folder, 'secrets.sealed.json');

  it('are not in the file, nor in the settings', async () => {
    const secrets = openSealedSecrets(folder, openVault(makeFakeSafeStorage(), 'linux'));
    await secrets.set('mlflow', 'a token');
    const text = readFileSync(file(), 'utf8');
    expect(text).not.toContain('a token');
    expect(text).not.toContain(Buffer.from('a token').toString('base64'));
  });

  it('say what keeps them: a key that everybody knows is no protection', () => {
    const storage = makeFakeSafeStorage();
    expect(openVault(storage, 'linux')).toMatchObject({
      protection: 'encrypted',
      backend: 'gnome_libsecret',
    });
    storage.state.backend = 'basic_text';
    const vault = openVault(storage, 'linux');
    expect(vault).toMatchObject({ protection: 'unprotected', backend: 'basic_text' });
    expect(openSealedSecrets(folder, vault)).toMatchObject({
      protection: 'unprotected',
      backend: 'basic_text',
    });
    expect(openVault(storage, 'darwin')).toMatchObject({ protection: 'encrypted', backend: 'keychain' });
    expect(openVault(storage, 'win32')).toMatchObject({ protection: 'encrypted', backend: 'dpapi' });
  });

  it('are sealed anew when the key has changed', async () => {
    const storage = makeFakeSafeStorage();
    const secrets = openSealedSecrets(folder, openVault(storage, 'linux'));
    await secrets.set('mlflow', 'token');
    const before = readFileSync(file(), 'utf8');
    storage.state.isRotated = true;
    const encrypt = storage.encryptStringAsync;
    let seals = 0;
    const counting = { ...storage, encryptStringAsync: (text: string) => (seals++, encrypt(text)) };
    expect(await openSealedSecrets(folder, openVault(counting, 'linux')).get('mlflow')).toBe('token');
    expect(seals).toBe(1);
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });

  it('of another machine have to be entered again', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file(), JSON.stringify({ mlflow: Buffer.from('of another key').toString('base64') }));
    const secrets = openSealedSecrets(folder, openVault(makeFakeSafeStorage(), 'linux'));
    expect(await secrets.get('mlflow')).toBeUndefined();
    await secrets.set('mlflow', 'token');
    expect(await secrets.get('mlflow')).toBe('token');
  });

  it('are not kept at all while the key store is locked', async () => {
    const storage = makeFakeSafeStorage();
    storage.state.isAvailable = false;
    const secrets = openSealedSecrets(folder, openVault(storage, 'linux'));
    await expect(secrets.set('mlflow', 'token')).rejects.toMatchObject({ faults: [{ code: 'usage' }] });
    storage.state.isAvailable = true;
    expect(await secrets.get('mlflow')).toBeUndefined();
  });
});

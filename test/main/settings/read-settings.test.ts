import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_PRESETS } from '../../../common/api/settings.ts';
import { openFileSettings } from '../../../main/node/file-settings.ts';
import { openFileSecrets } from '../../../main/node/file-secrets.ts';
import { createSettingsService } from '../../../main/services/settings.ts';
import { changeSettings, mmarFolder, readSettings } from '../../../main/settings/read-settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('begins with defaults', () => {
  const settings = readSettings(openFileSettings(folder));
  expect(settings.appearance.theme).toBe('dark');
  expect(settings.viewer.presets).toEqual(DEFAULT_PRESETS);
  expect(mmarFolder(settings).endsWith('MMARs')).toBe(true);
});

it('keeps a section for the next start and leaves the others', () => {
  changeSettings(openFileSettings(folder), { appearance: { theme: 'light' } });
  changeSettings(openFileSettings(folder), { compute: { workers: '0:1' } });
  const settings = readSettings(openFileSettings(folder));
  expect(settings.appearance.theme).toBe('light');
  expect(settings.compute.workers).toBe('0:1');
});

it('takes a section that cannot be read as never chosen', () => {
  const store = openFileSettings(folder);
  store.set('appearance', { theme: 'pink' });
  store.set('numbers', { scoreDigits: 3 });
  expect(readSettings(store)).toMatchObject({ appearance: { theme: 'dark' }, numbers: { scoreDigits: 3 } });
});

it('answers the window, and says how tokens are kept', async () => {
  const settings = openFileSettings(folder);
  const service = createSettingsService({ settings, secrets: openFileSecrets(folder) });
  const call = { signal: new AbortController().signal };
  await service.update({ numbers: { scoreDigits: 3, decimals: 'comma', thousands: 'none' } }, call);
  expect(await service.get({}, call)).toMatchObject({
    settings: { numbers: { decimals: 'comma' } },
    secrets: { protection: 'unprotected', place: join(folder, 'secrets.json') },
  });
  expect(readFileSync(join(folder, 'settings.json'), 'utf8')).not.toMatch(/token|password|secret/i);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appScheme, isOwnAddress } from '../../main/electron/app-address.ts';
import { chromiumSwitches } from '../../main/electron/chromium-switches.ts';
import { guardContents, isLocalAddress, isPermitted, isWebPage } from '../../main/electron/guards.ts';
import { windowOptions } from '../../main/electron/window-options.ts';
import { contentSecurityPolicy } from '../../main/resources/content-security.ts';
import { FakeContents } from './fake-electron.ts';
import { onlyWithABinary } from './only-with-a-binary.ts';

// Electron's security tutorial, item by item; docs/security.md says the same in words.
const root = resolve(import.meta.dirname, '../..');
const preferences = windowOptions({
  place: { bounds: { width: 1600, height: 1000 }, isMaximized: false },
  preload: '/program/preload.cjs',
  isDark: true,
  isDevelopment: false,
}).webPreferences!;

/** The sources of Electron's part, by name. */
const sources = Object.fromEntries(
  readdirSync(join(root, 'main/electron'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file, readFileSync(join(root, 'main/electron', file), 'utf8')]),
);
const filesWith = (pattern: RegExp): string[] =>
  Object.keys(sources).filter((file) => pattern.test(sources[file]!));

describe("Electron's security checklist", () => {
  it('1: only our own content is loaded', () => {
    expect(isLocalAddress('https://example.com/')).toBe(false);
    expect(filesWith(/loadURL\((?!APP_PAGE)/)).toEqual([]);
    expect(filesWith(/loadFile\(|\bnet\.(fetch|request)\(/)).toEqual([]);
  });

  it('2: the page has no Node, nor have its workers and frames', () => {
    expect(preferences).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
    });
  });

  it("3: the preload script's world is its own", () => expect(preferences.contextIsolation).toBe(true));

  it('4: every process is in the sandbox', () => {
    expect(preferences.sandbox).toBe(true);
    expect(filesWith(/app\.enableSandbox\(\)/)).toEqual(['start-desktop.ts']);
    expect(filesWith(/no-sandbox/)).toEqual([]);
  });

  it('5: permissions are refused (guards.test.ts has them all)', () => {
    expect(isPermitted('media', 'app://outerloop/')).toBe(false);
  });

  it('6: the same-origin policy is on', () => expect(preferences.webSecurity).toBe(true));

  it('7: the page has a policy that allows no inline script and no eval', () => {
    const policy = contentSecurityPolicy('R');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  });

  it('8: insecure content is not allowed', () => expect(preferences.allowRunningInsecureContent).toBe(false));

  it('9 and 10: no experiments, no features of Blink by name', () => {
    expect(preferences.experimentalFeatures).toBe(false);
    expect(Object.keys(preferences)).not.toContain('enableBlinkFeatures');
    expect(filesWith(/enableBlinkFeatures|enable-blink-features/)).toEqual([]);
  });

  it('11 and 12: no webview', () => {
    expect(preferences.webviewTag).toBe(false);
    const contents = new FakeContents();
    guardContents(contents);
    expect(contents.fire('will-attach-webview')).toBe(true);
  });

  it('13 and 14: no navigation elsewhere, no windows (guards.test.ts has the addresses)', () => {
    const contents = new FakeContents();
    guardContents(contents);
    expect(contents.fire('will-navigate', { url: 'https://example.com/' })).toBe(true);
    expect(contents.openHandler!({} as never)).toEqual({ action: 'deny' });
    expect(filesWith(/'web-contents-created'/)).toEqual(['start-desktop.ts']);
  });

  it('15: addresses are opened outside in one place, after a question', () => {
    expect(filesWith(/openExternal\(/)).toEqual(['electron-desktop.ts']);
    expect(isWebPage('file:///etc/passwd')).toBe(false);
  });

  it('16: Electron is pinned to one version of a line that is supported', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Number.parseInt(devDependencies['electron']!, 10)).toBeGreaterThanOrEqual(45);
  });

  it('17: one message of a page is listened to (desktop.test.ts: from whom)', () => {
    expect(filesWith(/ipcMain\.(on|once|handle)\(/)).toEqual(['port-relay.ts']);
    expect(isOwnAddress('app://other/')).toBe(false);
  });

  it('18: no file://, and our scheme has no privilege to go around a policy', () => {
    expect(appScheme.privileges).not.toHaveProperty('bypassCSP');
    expect(appScheme.privileges).not.toHaveProperty('corsEnabled');
    expect(appScheme.privileges).not.toHaveProperty('allowServiceWorkers');
    expect(filesWith(/'file:|`file:|loadFile/)).toEqual([]);
  });

  it('19: fuses (test/packaging has them in the configuration and in the binary)', () => {
    expect(readFileSync(join(root, 'electron-builder.yml'), 'utf8')).toMatch(
      /^electronFuses:\n\s+runAsNode: false$/m,
    );
  });

  it('20: the page gets functions of ours, never of Electron (bridge.test.ts)', () => {
    expect(filesWith(/exposeInMainWorld\(/)).toEqual(['install-bridge.ts']);
    expect(filesWith(/ipcRenderer/)).toEqual(['install-bridge.ts', 'preload.ts']);
  });
});

describe('nothing phones home', () => {
  it('no crash reporter, no updater, no network for Chromium', () => {
    expect(filesWith(/crashReporter|autoUpdater|electron-updater/)).toEqual([]);
    expect(Object.fromEntries(chromiumSwitches)).toMatchObject({ 'host-resolver-rules': 'MAP * ~NOTFOUND' });
    expect(chromiumSwitches.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'disable-background-networking',
        'disable-component-update',
        'disable-breakpad',
      ]),
    );
  });
});

describe('the ledger of what only a binary can prove', () => {
  it('is not empty and repeats nothing', () => {
    expect(onlyWithABinary.length).toBeGreaterThan(10);
    expect(new Set(onlyWithABinary).size).toBe(onlyWithABinary.length);
  });
});

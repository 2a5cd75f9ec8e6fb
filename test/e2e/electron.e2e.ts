import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findElectronToTest, launchElectron } from './launch-electron.ts';

const binary = findElectronToTest();

// Needs `npm run build`, and a screen or a virtual one.
describe.skipIf(binary === undefined)('the window in Electron (NOT RUN where there is no binary)', () => {
  let home: string;
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'outerloop-electron-'));
    app = await launchElectron(binary!, home);
    page = await app.firstWindow();
    await page.getByRole('heading', { name: 'Templates' }).waitFor();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('is our page, with its library', async () => {
    expect(page.url()).toMatch(/^app:\/\/outerloop\//);
    await page.getByRole('heading', { name: 'phantom-segmentation' }).waitFor();
  });

  it('is isolated, sandboxed and without Node', async () => {
    expect(
      await page.evaluate(() => ({
        isolated: crossOriginIsolated,
        node: typeof (globalThis as { process?: unknown }).process,
        require: typeof (globalThis as { require?: unknown }).require,
        bridge: Object.keys((globalThis as unknown as { outerloopBridge: object }).outerloopBridge),
      })),
    ).toEqual({ isolated: true, node: 'undefined', require: 'undefined', bridge: ['connect', 'pathOf'] });
  });

  it('stays on its page', async () => {
    await page.evaluate(() => {
      location.href = 'https://example.com/';
      window.open('https://example.com/');
    });
    await page.waitForTimeout(500);
    expect(page.url()).toMatch(/^app:\/\/outerloop\//);
    expect(app.windows()).toHaveLength(1);
  });

  it('may not reach any network', async () => {
    const failure = await page.evaluate(() =>
      fetch('http://127.0.0.1:9/').catch((error: Error) => error.name),
    );
    expect(failure).toBe('TypeError');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';
import { findBarriers } from './find-barriers.ts';
import { launchServe, type Served } from './launch-serve.ts';
import { openWindow, type OpenWindow, type WindowShape } from './open-window.ts';

const chromium = findChromium('every view in a browser, with its contrast and names');

const shapes: readonly (WindowShape & { readonly name: string })[] = [
  { name: '1280x800', width: 1280, height: 800 },
  { name: '1920x1080', width: 1920, height: 1080 },
  { name: '4k-at-200-percent', width: 1920, height: 1080, scale: 2 },
];

describe.skipIf(chromium === undefined)('every view', () => {
  let home: string;
  let served: Served;
  let browser: Browser;
  let window: OpenWindow;
  let views: readonly (readonly [name: string, address: string])[] = [];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'outerloop-e2e-'));
    served = await launchServe(home);
    browser = await launchChromium(chromium!);
    window = await openWindow(browser, served.url);
    const sample = window.page.getByRole('link', { name: 'phantom-segmentation' });
    const edit = await sample.getAttribute('href', { timeout: 60_000 });
    const mmar = edit!.replace(/edit$/, '');
    views = [
      ['library', '#/library'],
      ['edit', `${mmar}edit`],
      ['images', `${mmar}images`],
      ['runs', `${mmar}runs`],
      ['results', `${mmar}results`],
      ['tracking', '#/tracking'],
      ['settings', '#/settings'],
      ['diagnostics', '#/diagnostics'],
    ];
  });
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** Goes to a view and waits until nothing in it is on its way any more. */
  async function show({ page }: OpenWindow, address: string): Promise<void> {
    await page.evaluate((hash) => (location.hash = hash), address);
    await page.getByRole('main').waitFor();
    // Not by waitForFunction, which compiles its condition in the page: the policy forbids that.
    await expect.poll(() => page.locator('[aria-busy="true"]').count(), { timeout: 60_000 }).toBe(0);
    await page.waitForTimeout(700);
  }

  async function chooseTheme({ page }: OpenWindow, theme: 'dark' | 'light'): Promise<void> {
    await page.evaluate((chosen) => {
      document.documentElement.dataset['theme'] = chosen;
    }, theme);
  }

  it.each(['dark', 'light'] as const)('can be read and used by everybody (%s)', async (theme) => {
    const barriers: Record<string, string[]> = {};
    for (const [name, address] of views) {
      await show(window, address);
      await chooseTheme(window, theme);
      const found = await findBarriers(window.page);
      if (found.length > 0) barriers[name] = found;
    }
    expect(barriers).toEqual({});
  });

  it.each(shapes)('fits into $name, dark and light', async (shape) => {
    const other = await openWindow(browser, served.url, shape);
    const tooWide: string[] = [];
    for (const [name, address] of views) {
      await show(other, address);
      for (const theme of ['dark', 'light'] as const) {
        await chooseTheme(other, theme);
        await other.keepPicture(`view-${name}-${shape.name}-${theme}`);
      }
      const { page, inner } = await other.page.evaluate(() => ({
        page: document.documentElement.scrollWidth,
        inner: innerWidth,
      }));
      if (page > inner) tooWide.push(`${name}: ${page} > ${inner}`);
    }
    expect(tooWide).toEqual([]);
    expect(other.watch.complaints).toEqual([]);
    await other.page.context().close();
  });

  it('is reached by the keyboard alone', async () => {
    const { page } = window;
    await show(window, '#/library');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const reached: string[] = [];
    for (let press = 0; press < 12; press++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(() => {
          const { activeElement: element } = document;
          const label = element?.getAttribute('aria-label') ?? element?.textContent;
          return `${element?.tagName} ${label?.trim()}`;
        }),
      );
    }
    expect(reached).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^A .*To the view/),
        expect.stringMatching(/^A Library/),
      ]),
    );
    expect(reached.join('\n')).toMatch(/New MMAR|Search MMARs|Open folder/);
  });

  it('complains of nothing', () => {
    expect(window.watch.complaints).toEqual([]);
  });
});

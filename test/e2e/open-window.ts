import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { watchPage, type PageWatch } from './watch-page.ts';

const artifacts = resolve(import.meta.dirname, '../artifacts');

/** The window in a browser, and what it complains of. */
export interface OpenWindow {
  readonly page: Page;
  readonly watch: PageWatch;
  /** Keeps what is on show as test/artifacts/<name>.png. */
  keepPicture(name: string): Promise<void>;
}

export interface WindowShape {
  readonly width: number;
  readonly height: number;
  /** Pixels of the screen for one of the page. */
  readonly scale?: number;
}

/** Opens the window at an address of `serve`, and waits until it stands. */
export async function openWindow(
  browser: Browser,
  url: string,
  { width, height, scale = 1 }: WindowShape = { width: 1280, height: 800 },
): Promise<OpenWindow> {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale });
  const page = await context.newPage();
  const watch = await watchPage(page);
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  mkdirSync(artifacts, { recursive: true });
  return {
    page,
    watch,
    keepPicture: async (name) =>
      void (await page.screenshot({ path: join(artifacts, `${name}.png`), animations: 'disabled' })),
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { chromium, type Browser, type CDPSession } from 'playwright-core';
import { build } from 'vite';
import { createApp } from '../../main/app.ts';
import { openFileSecrets } from '../../main/node/file-secrets.ts';
import { openFileSettings } from '../../main/node/file-settings.ts';
import { browserDesktop } from '../../main/serve/browser-desktop.ts';
import { startServer } from '../../main/serve/server.ts';
import { benchOpening } from './opening.ts';

/**
 * How fast the viewer is: frames a second while three panes with labels are scrolled in step, and how long it takes to open a
 * CT of 512 x 512 x 300. In Chromium without a GPU, which is the worst that a workstation over a remote desktop has.
 */
const CASES = [
  { size: 128, voxelType: 'int16', labels: true, frames: 240 },
  { size: 256, voxelType: 'int16', labels: true, frames: 240 },
  { size: 256, voxelType: 'float32', labels: true, frames: 240 },
  { size: 512, voxelType: 'int16', labels: true, frames: 240 },
] as const;
/** `opening` or `scrolling`; without it both. */
const wanted = process.argv[2];
const CHROMIUM = process.env.OUTERLOOP_CHROMIUM ?? '/usr/bin/chromium';

const folder = await mkdtemp(join(tmpdir(), 'outerloop-bench-'));
await buildPage(join(folder, 'page'));
const app = await launchApp();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
try {
  console.log(`Load of the machine: ${loadavg()[0]!.toFixed(2)}`);
  if (wanted !== 'opening') for (const plan of CASES) await benchScrolling(browser, plan);
  if (wanted !== 'scrolling') {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(app.url);
    await benchOpening(page, folder);
  }
} finally {
  await browser.close();
  await app.stop();
  await rm(folder, { recursive: true, force: true });
}

async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'page'),
    plugins: [svelte({ compilerOptions: { runes: true } })],
    build: { outDir, emptyOutDir: true, target: 'es2024', modulePreload: { polyfill: false } },
    logLevel: 'error',
  });
}

/** The whole app, with the bench's page for a window. */
async function launchApp(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const app = createApp({
    host: 'serve',
    dataFolder: join(folder, 'data'),
    uiFolder: join(folder, 'page'),
    // Files are opened without asking, as those are that somebody chose in a dialog.
    desktop: { ...browserDesktop, abilities: { ...browserDesktop.abilities, dialogs: true } },
    settings: openFileSettings(join(folder, 'data')),
    secrets: openFileSecrets(join(folder, 'data')),
  });
  const server = await startServer(app);
  return {
    url: server.url,
    stop: async () => {
      await server.close();
      await app.dispose();
    },
  };
}

async function benchScrolling(chrome: Browser, plan: (typeof CASES)[number]): Promise<void> {
  const page = await chrome.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(app.url);
  const session = await page.context().newCDPSession(page);
  // Durations in processor time of the thread: what others on the machine take does not count.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.evaluate((wanted) => (globalThis as unknown as Bench).bench.prepare(wanted), plan);
  const before = await mainThreadSeconds(session);
  const times = await page.evaluate(() => (globalThis as unknown as Bench).bench.scroll());
  const busyMs = ((await mainThreadSeconds(session)) - before) * 1000;
  const sorted = times.toSorted((a, b) => a - b);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  console.log(
    [
      `${plan.size}³ ${plan.voxelType}${plan.labels ? ' with labels' : ''}`.padEnd(28),
      `${(1000 / mean).toFixed(1)} frames/s`,
      `median ${sorted[Math.floor(sorted.length / 2)]!.toFixed(1)} ms`,
      `95 % ${sorted[Math.floor(sorted.length * 0.95)]!.toFixed(1)} ms`,
      `main thread ${(busyMs / times.length).toFixed(1)} ms of processor a frame`,
    ].join('   '),
  );
  await page.close();
}

/** What page/main.ts offers. */
interface Bench {
  readonly bench: {
    prepare(plan: unknown): Promise<void>;
    scroll(): Promise<number[]>;
  };
}

async function mainThreadSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { lockRun } from '../../main/journal/run-lock.ts';
import { processTable } from '../../main/node/process-table.ts';
import { openApp } from './open-app.ts';
import { followNews, reportNews } from './follow-news.ts';
import { MadeRun } from './make-run.ts';
import { scrollTable, type Scrolled } from './scroll-table.ts';

/**
 * How the view of a run bears 10,000 jobs and an hour of news: frames while its table is scrolled, by itself and while eight
 * workers report, and what the window holds while they report at 60 times their pace.
 *
 *   node bench/ui/runs.ts [--ui dist/renderer] [--jobs 10000] [--seconds 60] [--pace 60] [--shot FILE.png]
 */
const argument = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1]!;
};
const uiFolder = resolve(argument('ui', 'dist/renderer'));
const jobs = Number(argument('jobs', '10000'));
const seconds = Number(argument('seconds', '60'));
const pace = Number(argument('pace', '60'));
/** What follows a change of size is not of the scrolling. */
const SETTLE_MS = 1500;
/** About as long as the scrolling lasts. */
const NEWS_SECONDS = 11;
/** A small window and a large one, as pixels of the page. */
const VIEWPORTS = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

if (!existsSync(join(uiFolder, 'index.html')))
  throw new Error(`The window was not built: ${uiFolder}. "npm run build" does it.`);
const scratch = mkdtempSync(join(tmpdir(), 'outerloop-bench-ui-'));
const mmarRoot = join(scratch, 'mmar');
mkdirSync(join(mmarRoot, 'config'), { recursive: true });
for (const file of ['config_train.json', 'config_automl.json', 'environment.json'])
  writeFileSync(join(mmarRoot, 'config', file), '{}');
const made = new MadeRun(mmarRoot, 'bench');
made.addEndedJobs(jobs);
const lock = await lockRun(join(made.folder, 'run.lock'), processTable);
const app = await openApp({ dataFolder: join(scratch, 'data'), uiFolder });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const mmar = await app.addMmar(mmarRoot);
  page.setDefaultTimeout(60_000);
  await page.goto(app.url);
  const started = performance.now();
  await page.evaluate(`location.hash = '#/mmar/${mmar}/runs/bench'`);
  await page.locator(`text=J${jobs}`).first().waitFor();
  const shownMs = performance.now() - started;
  const shot = argument('shot', '');
  if (shot !== '') await page.screenshot({ path: shot });
  const scrolled: Record<string, Scrolled> = {};
  for (const viewport of VIEWPORTS) {
    await page.setViewportSize(viewport);
    await sleep(SETTLE_MS);
    scrolled[`${viewport.width}x${viewport.height}`] = await scrollTable(page);
  }
  await page.setViewportSize(VIEWPORTS[0]);
  const [scrolledDuringNews] = await Promise.all([
    scrollTable(page),
    reportNews(made, { seconds: NEWS_SECONDS, pace: 1 }),
  ]);
  const live = await followNews(page, made, { seconds, pace });
  const shown = { jobs, shownMs: Math.round(shownMs), scrolled, scrolledDuringNews, live };
  console.log(JSON.stringify(shown, undefined, 2));
} finally {
  await browser.close();
  await app.close();
  await lock.release();
  rmSync(scratch, { recursive: true, force: true });
}

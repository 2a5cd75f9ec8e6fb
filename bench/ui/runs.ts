import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type CDPSession, type Page } from 'playwright-core';
import { lockRun } from '../../main/journal/run-lock.ts';
import { processTable } from '../../main/node/process-table.ts';
import { openApp } from './open-app.ts';
import { MadeRun } from './make-run.ts';

/**
 * How the view of a run bears 10,000 jobs and an hour of news: frames while its table is scrolled, and the memory of the
 * window while eight workers report at 60 times their speed.
 *
 *   node bench/ui/runs.ts [--ui dist/renderer] [--jobs 10000] [--seconds 60] [--shot FILE.png]
 */
const argument = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1]!;
};
const uiFolder = resolve(argument('ui', 'dist/renderer'));
const jobs = Number(argument('jobs', '10000'));
const seconds = Number(argument('seconds', '60'));
const WORKERS = 8;
/** Reports of one worker: every two seconds, 60 times as fast. */
const REPORTS_PER_SECOND = (WORKERS / 2) * 60;
const TICK_MS = 100;
const SAMPLES = 12;

/** In the page: scrolls the table by steps of a wheel, drags of its bar and jumps; times of frames, in ms. */
const SCROLL = `(async () => {
  const table = document.querySelector('[role=grid][aria-label=Jobs]');
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const task = () => new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  });
  const frames = [];
  await frame();
  let last = performance.now();
  for (let step = 0; step < 600; step++) {
    const by = step < 300 ? 120 : step < 500 ? 2000 : table.scrollHeight / 3;
    table.scrollTop = (step < 500 ? table.scrollTop + by : step * by) % table.scrollHeight;
    await frame();
    const began = performance.now();
    const betweenMs = began - last;
    last = began;
    await task();
    frames.push([betweenMs, performance.now() - began]);
  }
  return frames;
})()`;

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
  page.setDefaultTimeout(180_000);
  await page.goto(app.url);
  const started = performance.now();
  await page.evaluate(`location.hash = '#/mmar/${mmar}/runs/bench'`);
  await page.locator(`text=J${jobs}`).first().waitFor();
  const shownMs = performance.now() - started;
  const shot = argument('shot', '');
  if (shot !== '') await page.screenshot({ path: shot });
  const scrolled = await scroll(page);
  const live = await followNews(page);
  console.log(JSON.stringify({ jobs, shownMs: Math.round(shownMs), scrolled, live }, undefined, 2));
} finally {
  await browser.close();
  await app.close();
  await lock.release();
  rmSync(scratch, { recursive: true, force: true });
}

interface Scrolled {
  readonly frames: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly over32ms: number;
  /** Frames whose own work (script, style, layout, paint on the main thread) took longer, whatever else the machine did. */
  readonly workOver32ms: number;
  /** Time of a processor that the main thread used per frame. */
  readonly threadMsPerFrame: number;
}

async function scroll(page: Page): Promise<Scrolled> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await taskSeconds(session);
  const frames = (await page.evaluate(SCROLL)) as readonly (readonly [number, number])[];
  const after = await taskSeconds(session);
  const between = frames.map(([ms]) => ms).toSorted((a, b) => a - b);
  const at = (share: number): number => round(between[Math.floor(share * (between.length - 1))]!);
  return {
    frames: frames.length,
    medianMs: at(0.5),
    p99Ms: at(0.99),
    over32ms: between.filter((ms) => ms > 32).length,
    workOver32ms: frames.filter(([, ms]) => ms > 32).length,
    threadMsPerFrame: round(((after - before) * 1000) / frames.length),
  };
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

/** An hour of reports of eight workers in a minute; the heap of the window and of main while it lasts. */
async function followNews(page: Page): Promise<object> {
  const session = await page.context().newCDPSession(page);
  const running = Array.from({ length: WORKERS }, () => ({ job: made.startJob(), epoch: 0 }));
  made.flush();
  const heaps: number[] = [];
  const mainHeaps: number[] = [];
  let reports = 0;
  const startedMs = performance.now();
  const elapsedSeconds = (): number => (performance.now() - startedMs) / 1000;
  while (elapsedSeconds() < seconds) {
    // As many as are due by now: a machine that lags does not make the hour shorter.
    for (; reports < elapsedSeconds() * REPORTS_PER_SECOND; reports++) report(running[reports % WORKERS]!);
    made.flush();
    if (heaps.length <= (elapsedSeconds() / seconds) * SAMPLES) {
      heaps.push(await heapOf(session));
      mainHeaps.push(process.memoryUsage().heapUsed / 1e6);
    }
    await sleep(TICK_MS);
  }
  heaps.push(await heapOf(session));
  const settled = heaps.slice(Math.floor(heaps.length / 4));
  return {
    reports,
    seconds,
    windowHeapMb: heaps.map(round),
    growthMb: round(settled.at(-1)! - settled[0]!),
    mainHeapMb: mainHeaps.map(Math.round),
  };
}

/** The next epoch of a worker's job, its end, or its next job. */
function report(worker: { job: string; epoch: number }): void {
  worker.epoch++;
  if (worker.epoch <= made.epochs) return made.progress(worker.job, worker.epoch);
  made.endJob(worker.job);
  Object.assign(worker, { job: made.startJob(), epoch: 0 });
}

/** Megabytes of what cannot be collected. */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

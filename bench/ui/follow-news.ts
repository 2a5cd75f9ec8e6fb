import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CDPSession, Page } from 'playwright-core';
import { at, round } from './figures.ts';
import { WORKERS, type MadeRun } from './make-run.ts';

/** Reports of one worker: every two seconds. */
const REPORTS_PER_SECOND = WORKERS / 2;
const TICK_MS = 100;
const SAMPLES = 12;

/** In the page: the time between frames, as long as `frames` is asked for. */
const WATCH_FRAMES = `(() => {
  const frames = (window.benchFrames = []);
  let last = performance.now();
  const next = (now) => {
    frames.push(now - last);
    last = now;
    if (window.benchFrames === frames) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})()`;
const TAKE_FRAMES = `(() => {
  const frames = window.benchFrames;
  window.benchFrames = undefined;
  return frames;
})()`;

/** What the window held at one moment, after a collection of garbage. */
interface Held {
  readonly atSeconds: number;
  readonly windowHeapMb: number;
  readonly mainHeapMb: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** How the window followed the news. */
export interface Followed {
  readonly seconds: number;
  readonly reports: number;
  readonly jobs: number;
  /** What the window's heap gained from the end of the first quarter to the end. */
  readonly growthMb: number;
  readonly nodesGrowth: number;
  readonly listenersGrowth: number;
  readonly held: readonly Held[];
  /** From the last entry of the journal until the table shows it. */
  readonly lagMs: number;
  readonly frames: { readonly medianMs: number; readonly p99Ms: number; readonly over50ms: number };
}

/** Eight workers report for so many seconds at so many times their pace, and end jobs and start others. */
export async function reportNews(
  made: MadeRun,
  { seconds, pace }: { readonly seconds: number; readonly pace: number },
  ontick: (elapsedSeconds: number) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const running = Array.from({ length: WORKERS }, () => ({ job: made.startJob(), epoch: 0 }));
  const startedMs = performance.now();
  const elapsedSeconds = (): number => (performance.now() - startedMs) / 1000;
  let reports = 0;
  while (elapsedSeconds() < seconds) {
    // As many as are due by now: a machine that lags does not make the hour shorter.
    for (; reports < elapsedSeconds() * REPORTS_PER_SECOND * pace; reports++)
      report(made, running[reports % WORKERS]!);
    made.flush();
    await ontick(elapsedSeconds());
    await sleep(TICK_MS);
  }
  for (const { job } of running) made.endJob(job);
  made.flush();
  return reports;
}

/** What the window holds is read as the news goes on. */
export async function followNews(
  page: Page,
  made: MadeRun,
  { seconds, pace }: { readonly seconds: number; readonly pace: number },
): Promise<Followed> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const held: Held[] = [];
  await page.evaluate(WATCH_FRAMES);
  const reports = await reportNews(made, { seconds, pace }, async (elapsedSeconds) => {
    if (held.length <= (elapsedSeconds / seconds) * SAMPLES)
      held.push(await readHeld(session, elapsedSeconds));
  });
  const frames = (await page.evaluate(TAKE_FRAMES)) as readonly number[];
  const lagMs = await measureLag(page, made);
  held.push(await readHeld(session, seconds));
  await session.detach();
  const first = held[Math.floor(held.length / 4)]!;
  const last = held.at(-1)!;
  return {
    seconds,
    reports,
    jobs: made.jobs,
    growthMb: round(last.windowHeapMb - first.windowHeapMb),
    nodesGrowth: last.nodes - first.nodes,
    listenersGrowth: last.listeners - first.listeners,
    held,
    lagMs: Math.round(lagMs),
    frames: {
      medianMs: at(frames, 0.5),
      p99Ms: at(frames, 0.99),
      over50ms: frames.filter((ms) => ms > 50).length,
    },
  };
}

/** The next epoch of a worker's job, its end, or its next job. */
function report(made: MadeRun, worker: { job: string; epoch: number }): void {
  worker.epoch++;
  if (worker.epoch <= made.epochs) return made.progress(worker.job, worker.epoch);
  made.endJob(worker.job);
  Object.assign(worker, { job: made.startJob(), epoch: 0 });
}

/** From one more entry of the journal until its job stands in the table. */
async function measureLag(page: Page, made: MadeRun): Promise<number> {
  await page.evaluate(`document.querySelector('[role=grid][aria-label=Jobs]').scrollTop = 0`);
  const job = made.startJob();
  const startedMs = performance.now();
  made.flush();
  await page.locator(`[role=gridcell]:text-is("${job}")`).first().waitFor();
  return performance.now() - startedMs;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What cannot be collected. */
async function readHeld(session: CDPSession, atSeconds: number): Promise<Held> {
  await session.send('HeapProfiler.collectGarbage');
  collectGarbage();
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)!.value;
  return {
    atSeconds: Math.round(atSeconds),
    windowHeapMb: round(usedSize / 1e6),
    mainHeapMb: Math.round(process.memoryUsage().heapUsed / 1e6),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
  };
}

import type { CDPSession, Page } from 'playwright-core';
import { at, round } from './figures.ts';

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

/** How a table of jobs was scrolled. */
export interface Scrolled {
  readonly frames: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  readonly over32ms: number;
  /** What the page did in a frame itself: script, style, layout, paint on the main thread, whatever else the machine did. */
  readonly workMedianMs: number;
  readonly workP99Ms: number;
  readonly workOver32ms: number;
  /** Time of a processor that the main thread used per frame. */
  readonly threadMsPerFrame: number;
}

export async function scrollTable(page: Page): Promise<Scrolled> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await taskSeconds(session);
  const frames = (await page.evaluate(SCROLL)) as readonly (readonly [number, number])[];
  const after = await taskSeconds(session);
  await session.detach();
  const between = frames.map(([ms]) => ms);
  const work = frames.map(([, ms]) => ms);
  return {
    frames: frames.length,
    medianMs: at(between, 0.5),
    p99Ms: at(between, 0.99),
    longestMs: at(between, 1),
    over32ms: between.filter((ms) => ms > 32).length,
    workMedianMs: at(work, 0.5),
    workP99Ms: at(work, 0.99),
    workOver32ms: work.filter((ms) => ms > 32).length,
    threadMsPerFrame: round(((after - before) * 1000) / frames.length),
  };
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

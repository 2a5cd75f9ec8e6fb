import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, launchChromium } from '../../test/e2e/chromium.ts';
import { launchServe } from '../../test/e2e/launch-serve.ts';
import { measureFirstLoad } from './first-load.ts';

/*
 * How long it takes from the start of `serve` until the window can be used: the program starts, the browser loads the page
 * over it, and the first card of the library has come through the contract and stands there. The browser itself runs
 * already. The first start of an installation has no compiled code yet; it is told apart.
 *
 *   npm run build && node bench/ui/start-time.ts
 */
const STARTS = 6;
const TARGET_MS = 1500;

const executable = findChromium('start of the window');
if (executable === undefined) process.exit(0);
const home = mkdtempSync(join(tmpdir(), 'outerloop-start-'));
const browser = await launchChromium(executable);
try {
  const starts: { readonly serveMs: number; readonly windowMs: number }[] = [];
  for (let start = 0; start < STARTS; start++) starts.push(await measureStart());
  const [first, ...later] = starts;
  report('first start', [first!]);
  report('later starts', later);
  const { gzippedBytes } = measureFirstLoad(join(import.meta.dirname, '../../dist/renderer'));
  console.log(`first load: ${(gzippedBytes / 1000).toFixed(0)} kB of JavaScript, gzipped`);
} finally {
  await browser.close();
  rmSync(home, { recursive: true, force: true });
}

async function measureStart(): Promise<{ serveMs: number; windowMs: number }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const begin = performance.now();
  const served = await launchServe(home);
  const serveMs = performance.now() - begin;
  await page.goto(served.url, { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'New MMAR' }).waitFor();
  await page.getByRole('heading', { name: 'Templates' }).waitFor();
  const windowMs = performance.now() - begin;
  await context.close();
  await served.stop();
  return { serveMs, windowMs };
}

function report(
  name: string,
  starts: readonly { readonly serveMs: number; readonly windowMs: number }[],
): void {
  const median = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const windowMs = median(starts.map((start) => start.windowMs));
  console.log(
    `${name}: window usable after ${windowMs.toFixed(0)} ms (serve answers after ` +
      `${median(starts.map((start) => start.serveMs)).toFixed(0)} ms), target ${TARGET_MS} ms: ` +
      (windowMs < TARGET_MS ? 'reached' : 'missed'),
  );
}
